"""No progress bar while a model loads, and afterwards as before."""

from __future__ import annotations

from contextlib import suppress

import pytest
from transformers.utils import logging

from embedscope import load_encoder
from embedscope.encoders.quiet import quiet_loading


@pytest.mark.parametrize("shown", [True, False])
def test_bars_are_left_as_they_were(shown):
    (logging.enable_progress_bar if shown else logging.disable_progress_bar)()
    try:
        with suppress(ZeroDivisionError), quiet_loading():
            assert not logging.is_progress_bar_enabled()
            raise ZeroDivisionError
        assert logging.is_progress_bar_enabled() is shown
    finally:
        logging.enable_progress_bar()


@pytest.mark.parametrize("scheme", ["transformers", "sentence-transformers"])
def test_loading_writes_nothing(scheme, bert_folder, st_folder, capfd):
    folder = st_folder if scheme == "sentence-transformers" else bert_folder
    capfd.readouterr()
    load_encoder(f"{scheme}:{folder}", device="cpu")
    assert capfd.readouterr() == ("", "")
