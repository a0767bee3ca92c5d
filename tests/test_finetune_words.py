"""Finetuning by words: every field of the recipe, stages and prompts, and a run from the command line."""

from __future__ import annotations

import dataclasses
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from IPython.core.interactiveshell import InteractiveShell

import embedscope as es
from embedscope import cli
from embedscope._errors import InputError
from embedscope.arguments import Parser
from embedscope.finetune_arguments import TEXT_RECIPE, add_finetune_arguments
from embedscope.finetune_words import begin_finetuning
from embedscope.notebook_names import Names
from embedscope.training.run_folder import read_json
from embedscope.training.text_recipe import Stage, TextRecipe
from tests.encoders.tiny_llms import save_decoder
from tests.training.conftest import here  # noqa: F401 - a fixture

FIELDS = {field.name: field.default for field in dataclasses.fields(TextRecipe)}
WORDS = ["red cat", "blue dog", "old house", "tall tree", "new car", "dry sea", "low hill", "wide road"]
QUICK = ["--max-length", "16", "--device", "cpu", "--batch-size", "4"]


def parse(*words: str):
    parser = Parser(prog="embedscope")
    add_finetune_arguments(parser)
    return parser.parse_args([*words])


@pytest.fixture
def shell():
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "embedscope")
    yield shell
    InteractiveShell.clear_instance()


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save_decoder(tmp_path / "llm")
    frame = pa.table({"query": WORDS, "document": [word.upper() for word in WORDS]})
    pq.write_table(frame, "upper.parquet")
    return tmp_path


def test_every_field_of_a_recipe_has_a_word_in_its_order():
    assert list(TEXT_RECIPE) == list(FIELDS)


@pytest.mark.parametrize("name", TEXT_RECIPE)
def test_the_default_that_is_told_is_the_recipes(name):
    told = re.search(r"\(default ([\w.]+)\)", TEXT_RECIPE[name][1])
    default = FIELDS[name]
    if told is None:
        assert default in (None, (), True)
        assert default is not True or "(on unless --no-" in TEXT_RECIPE[name][1]
    else:
        assert told[1] == (default if isinstance(default, str) else f"{default:g}")


def test_each_word_becomes_a_value_that_the_recipe_takes():
    words = (
        "--dims 8 16 --temperature 0.1 --no-masked --negatives 0 --hardness 5 --spread-out 0.5"
        " --no-bidirectional --pooling lasttoken --projection 16 --layers 2 --lora 4 --max-length 32"
        " --batch-size 8 --steps 3 --rate 1e-3 --weight-decay 0 --warmup 0 --clip-norm 2 --validations 0"
        " --patience 2 --chunk 8 --mixed-precision no --device cpu --seed 1"
    )
    options = parse("llm:x", "pairs", *words.split())
    given = {name: getattr(options, name) for name in TEXT_RECIPE if hasattr(options, name)}
    assert list(given) == list(FIELDS)
    made = TextRecipe.of(given)
    assert (made.dims, made.masked, made.bidirectional) == ((8, 16), False, False)
    assert made != TextRecipe()


def test_a_run_from_the_command_line_with_stages_and_prompts(place, here, capsys):  # noqa: F811
    words = ["finetune", "llm:llm", "upper=upper.parquet", "--folder", "runs/a", "--validation", "0.3"]
    words += [
        "--stage",
        "steps=2,rate=1e-3,negatives=0",
        "--stage",
        "steps=1,upper=2",
        "--prompt",
        "upper=say: ",
    ]
    assert cli.main([*words, *QUICK]) == 0
    assert capsys.readouterr().out.endswith("The model: runs/a/model\n")
    options = read_json(es.Run("runs/a").folder.config)["options"]
    assert options["prompts"] == {"upper": "say: "}
    assert [Stage(**stage) for stage in options["stages"]] == [
        Stage(2, {}, 1e-3, 4, 0),
        Stage(1, {"upper": 2}, 1e-4, 4, 1),
    ]
    assert es.load_encoder("runs/a").tasks == ("upper",)
    assert cli.main(["runs"]) == 0
    assert "finetune" in capsys.readouterr().out


def test_a_run_from_a_magic_with_pairs_in_a_variable(place, here, shell):  # noqa: F811
    shell.user_ns["mine"] = es.load_pairs("upper.parquet")
    run = shell.run_line_magic(
        "embedscope", f"finetune llm:llm mine --validation none --steps 2 --as kept {' '.join(QUICK)}"
    )
    assert run.state == "done", run.error
    assert shell.user_ns["kept"] is run
    assert run.step == 2


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--stage", "steps"], r"--stage takes NAME=NUMBER, as steps=200,rate=1e-4; 'steps' came"),
        (["--stage", "steps=many"], "'steps=many' came"),
        (["--prompt", "ask"], "--prompt takes SOURCE=TEXT; 'ask' came"),
    ],
)
def test_words_that_cannot_be_read_are_named(place, words, wanted):
    with pytest.raises(InputError, match=wanted):
        begin_finetuning(parse("llm:llm", "upper=upper.parquet", *words), Names({}))
