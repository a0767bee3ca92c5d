import axe from "axe-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import type { DataChoice } from "../src/model";
import { progressWords } from "../src/panes/workbench/words";
import {
  acted,
  button,
  CHOICES,
  close,
  DONE,
  field,
  find,
  LINE,
  openWorkbench,
  RUNNING,
  radio,
  radioOf,
  titles,
  type,
  view,
} from "./workbench";

afterEach(close);

function alertWords(): string {
  const panel = find("[role=alert].es-wb-problem");
  return panel.hidden ? "" : (panel.textContent ?? "");
}

function planWords(): string {
  return find(".es-wb-plan").textContent ?? "";
}

function headings(): (string | null)[] {
  return [...view.el.querySelectorAll(".es-wb-heading")].map((node) => node.textContent);
}

describe("choosing", () => {
  test("data and encoders are listed with what one wants to know", () => {
    openWorkbench();
    expect(titles("Data")).toEqual(CHOICES.data.map(({ title }) => title));
    expect(titles("Encoder")).toEqual(["minilm", "wordllama", "timm:efficientnet_lite0"]);
    const minilm = radio("minilm").closest("label");
    expect(minilm?.textContent).toContain("here · 92 MB");
    expect(minilm?.textContent).toContain("texts · 384 dims · Apache-2.0");
    expect(radio("timm:efficientnet_lite0").closest("label")?.textContent).toContain("to fetch · 19 MB");
    expect(radio("flags").closest("label")?.textContent).toContain("to fetch");
    expect(find("select").textContent).toContain("NVIDIA L4");
    expect(button("Embed and explore").disabled).toBe(true);
    expect(planWords()).toBe("Choose what to embed.");
  });

  test("encoders that cannot read the data are dimmed with the reason, and one that can is chosen", () => {
    openWorkbench();
    radio("emoji").click();
    expect(radio("minilm").disabled).toBe(true);
    expect(radio("minilm").closest("label")?.textContent).toContain("Reads texts; this data holds images.");
    expect(radio("timm:efficientnet_lite0").checked).toBe(true);
    expect(planWords()).toBe("emoji → timm:efficientnet_lite0");
    radio("newsgroups").click();
    expect(radio("minilm").checked).toBe(true);
    radio("wordllama").click();
    radio("variable:cats").click();
    expect(radio("wordllama").checked).toBe(true);
  });

  test("a space is explored as it is, or encoded again", async () => {
    openWorkbench();
    radio("variable:teacher").click();
    expect(titles("Encoder")[0]).toBe("Its own vectors");
    expect(radio("").checked).toBe(true);
    button("Explore").click();
    expect(acted[0]).toMatchObject({ data: "variable:teacher", encoder: "" });
    radio("timm:efficientnet_lite0").click();
    await vi.waitFor(() => expect(button("Embed and explore").disabled).toBe(false));
    radio("emoji").click();
    expect(titles("Encoder")).not.toContain("Its own vectors");
  });

  test("the field filters, and takes what is not listed", () => {
    openWorkbench();
    type("Data", "images MIT");
    expect(titles("Data")).toEqual(["emoji", "flags", "digits", "images MIT"]);
    type("Data", "./my photos");
    expect(titles("Data")).toEqual(["./my photos"]);
    radio("./my photos").click();
    type("Encoder", "timm:");
    expect(radio("timm:").disabled).toBe(true);
    type("Encoder", "timm:resnet18");
    radio("timm:resnet18").click();
    button("Embed and explore").click();
    expect(acted).toEqual([
      {
        kind: "start_job",
        data: "./my photos",
        encoder: "timm:resnet18",
        student: "",
        device: "auto",
        sample: null,
      },
    ]);
  });

  test("what was typed and chosen follows the field, and is gone with it", () => {
    openWorkbench();
    type("Data", "pho");
    radio("pho").click();
    type("Data", "photos");
    expect(planWords()).toContain("photos →");
    type("Data", "");
    expect(planWords()).toBe("Choose what to embed.");
  });

  test("a scheme's button starts a name", () => {
    openWorkbench();
    button("open_clip:").click();
    expect(field("Encoder").value).toBe("open_clip:");
    expect(document.activeElement).toBe(field("Encoder"));
    type("Encoder", "nonsense");
    expect(find(".es-wb-reason").textContent).toContain("No encoder is called that.");
  });

  test("a device and a sample go along; a sample that is none is refused here", () => {
    openWorkbench();
    radio("variable:cats").click();
    const device = find<HTMLSelectElement>("select");
    device.value = "cpu";
    device.dispatchEvent(new Event("change"));
    expect(find(".es-wb-settings").textContent).toContain("12 of 16 GiB free");
    const sample = find<HTMLInputElement>("input[type=number]");
    sample.value = "-3";
    button("Embed and explore").click();
    expect(alertWords()).toContain("A sample is a whole number from 1");
    expect(acted).toEqual([]);
    sample.value = "50";
    button("Embed and explore").click();
    expect(alertWords()).toBe("");
    expect(acted[0]).toMatchObject({ data: "variable:cats", encoder: "minilm", device: "cpu", sample: 50 });
  });

  test("without variables it says what would be listed, and looks again", () => {
    openWorkbench({ traits: { workbench: { ...CHOICES, data: [] } } });
    expect(find(".es-wb-none").checkVisibility()).toBe(true);
    button("Look for variables again").click();
    expect(acted).toEqual([{ kind: "refresh_workbench" }]);
    view.model.set("workbench", CHOICES);
    expect(find(".es-wb-none").checkVisibility()).toBe(false);
    radio("variable:cats").click();
    view.model.set("workbench", { ...CHOICES, data: CHOICES.data.slice(1) });
    expect(planWords()).toBe("Choose what to embed.");
  });

  test("the lists are used with the keys", async () => {
    openWorkbench();
    field("Data").focus();
    await userEvent.keyboard("{ArrowDown} {ArrowDown}");
    expect(radio("variable:shots").checked).toBe(true);
    expect(document.activeElement).toBe(radio("variable:shots"));
    field("Data").focus();
    await userEvent.keyboard("flags{Enter}");
    expect(radio("flags").checked).toBe(true);
    await userEvent.keyboard("{Tab}{Tab}");
    expect(document.activeElement).toBe(button("Compare with…"));
    await userEvent.keyboard("{Tab}");
    expect(document.activeElement).toBe(field("Encoder"));
    await userEvent.keyboard("{ArrowDown}");
    expect(document.activeElement).toBe(radio("timm:efficientnet_lite0"));
  });
});

describe("comparing", () => {
  function ask(): void {
    openWorkbench();
    radio("newsgroups").click();
    button("Compare with…").click();
  }

  test("a second encoder stands only where it is asked for, and none is chosen", () => {
    openWorkbench();
    radio("newsgroups").click();
    expect(find('[aria-label="Compare with"]').checkVisibility()).toBe(false);
    expect(button("Compare with…").getAttribute("aria-expanded")).toBe("false");
    button("Compare with…").click();
    expect(titles("Compare with")).toEqual(["None", "minilm", "wordllama", "timm:efficientnet_lite0"]);
    expect(radioOf("Compare with", "").checked).toBe(true);
    expect(document.activeElement).toBe(field("Compare with"));
    expect(planWords()).toBe("newsgroups → minilm");
    expect(headings()).toEqual(["Data", "Encoder", "Compare with", "Run"]);
    button("Embed and explore").click();
    expect(acted[0]).toMatchObject({ encoder: "minilm", student: "" });
  });

  test("two are called teacher and student, and go along", () => {
    ask();
    radioOf("Compare with", "wordllama").click();
    expect(headings()).toEqual(["Data", "Teacher", "Student", "Run"]);
    expect(planWords()).toBe("newsgroups → minilm (teacher) and wordllama (student)");
    button("Embed and compare").click();
    expect(acted).toEqual([
      {
        kind: "start_job",
        data: "newsgroups",
        encoder: "minilm",
        student: "wordllama",
        device: "auto",
        sample: null,
      },
    ]);
    radioOf("Student", "").click();
    expect(planWords()).toBe("newsgroups → minilm");
    expect(titles("Encoder")).toContain("minilm");
  });

  test("the first encoder cannot be the second, whichever is chosen later", () => {
    ask();
    expect(radioOf("Compare with", "minilm").disabled).toBe(true);
    expect(radioOf("Compare with", "minilm").closest("label")?.textContent).toContain(
      "first encoder already",
    );
    radioOf("Compare with", "wordllama").click();
    radioOf("Teacher", "wordllama").click();
    expect(radioOf("Compare with", "").checked).toBe(true);
    expect(radioOf("Compare with", "minilm").disabled).toBe(false);
    expect(planWords()).toBe("newsgroups → wordllama");
  });

  test("other data takes a student away that cannot read it", () => {
    ask();
    radioOf("Compare with", "wordllama").click();
    radio("emoji").click();
    expect(radioOf("Compare with", "").checked).toBe(true);
    expect(radioOf("Compare with", "wordllama").closest("label")?.textContent).toContain("Reads texts");
    expect(planWords()).toBe("emoji → timm:efficientnet_lite0");
    radio("newsgroups").click();
    radioOf("Compare with", "wordllama").click();
    radio("variable:cats").click();
    expect(planWords()).toBe("cats → minilm (teacher) and wordllama (student)");
  });

  test("a space's own vectors can be the teacher", () => {
    openWorkbench();
    radio("variable:teacher").click();
    button("Compare with…").click();
    radioOf("Compare with", "timm:efficientnet_lite0").click();
    expect(planWords()).toBe("teacher → its own vectors (teacher) and timm:efficientnet_lite0 (student)");
    button("Embed and compare").click();
    expect(acted[0]).toMatchObject({ encoder: "", student: "timm:efficientnet_lite0" });
  });

  test("one that is not listed is typed", () => {
    ask();
    type("Compare with", "timm:resnet18");
    expect(radioOf("Compare with", "timm:resnet18").disabled).toBe(true);
    type("Compare with", "transformers:owner/name");
    radioOf("Compare with", "transformers:owner/name").click();
    expect(planWords()).toContain("transformers:owner/name (student)");
    type("Student", "transformers:");
    expect(button("Embed and compare").disabled).toBe(true);
    expect(planWords()).toContain("No encoder is called that.");
  });

  test.each([
    "light",
    "dark",
  ] as const)("in a %s theme axe-core finds no fault but what is off", async (theme) => {
    document.body.style.background = theme === "dark" ? "#14161b" : "#ffffff";
    openWorkbench({ traits: { theme } });
    radio("newsgroups").click();
    button("Compare with…").click();
    radioOf("Compare with", "wordllama").click();
    const off = [".es-wb-row.es-off"];
    const found = await axe.run({ include: [view.root], exclude: off }, { resultTypes: ["violations"] });
    const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  test("closing the column leaves one encoder, and while it runs nothing is chosen", () => {
    ask();
    radioOf("Compare with", "wordllama").click();
    button("Compare with none").click();
    expect(planWords()).toBe("newsgroups → minilm");
    expect(button("Compare with…").checkVisibility()).toBe(true);
    button("Compare with…").click();
    view.model.set("job", RUNNING);
    expect(field("Compare with").closest("[inert]")).not.toBeNull();
  });
});

describe("running", () => {
  test("stage, bar and numbers are shown, and a cancel is asked for", () => {
    openWorkbench({ traits: { job: RUNNING } });
    const bar = find("[role=progressbar]");
    expect(find(".es-wb-stage").textContent).toBe("Encoding with minilm");
    expect(find(".es-wb-numbers").textContent).toBe("1,200 of 3,000 texts · 48/s · 37 s left");
    expect(bar.getAttribute("aria-valuenow")).toBe("1200");
    expect(bar.getAttribute("aria-valuemax")).toBe("3000");
    expect(bar.getAttribute("aria-label")).toBe("Encoding with minilm");
    expect(find(".es-wb-fill").style.inlineSize).toBe("40%");
    expect(radio("minilm").closest("[inert]")).not.toBeNull();
    button("Cancel").click();
    expect(acted).toEqual([{ kind: "cancel_job" }]);
  });

  test("a stage that counts nothing moves without a number", () => {
    openWorkbench({
      traits: { job: { state: "running", stage: "Laying out the map", total: null, unit: "" } },
    });
    const bar = find("[role=progressbar]");
    expect(bar.checkVisibility()).toBe(true);
    expect(bar.hasAttribute("aria-valuenow")).toBe(false);
    expect(bar.getAttribute("aria-valuetext")).toBe("under way");
    expect(find(".es-wb-numbers").textContent).toBe("");
  });

  test("the focus goes from the button to the one that takes its place, and on to the result", () => {
    openWorkbench();
    radio("variable:cats").click();
    button("Embed and explore").focus();
    view.model.set("job", RUNNING);
    expect(document.activeElement).toBe(button("Cancel"));
    view.model.set("job", DONE);
    expect(document.activeElement).toBe(button("Change…"));
  });

  test("a cancelled run says what is kept, and can go on", () => {
    openWorkbench({ traits: { job: RUNNING } });
    const stage = "Cancelled. 1,200 of 3,000 vectors are kept; run again to go on.";
    view.model.set("job", { state: "cancelled", stage });
    expect(find(".es-wb-stage").textContent).toBe(stage);
    expect(find("[role=progressbar]").checkVisibility()).toBe(false);
    expect(radio("minilm").closest("[inert]")).toBeNull();
    expect(alertWords()).toBe("");
  });

  test("what went wrong stands in the alert, until the next run", async () => {
    openWorkbench({ traits: { job: { state: "failed", error: "The memory of cuda:0 did not suffice." } } });
    expect(alertWords()).toBe("The memory of cuda:0 did not suffice.");
    view.model.set("job", RUNNING);
    expect(alertWords()).toBe("");
  });

  test("what the kernel refuses stands there too, and a start is not sent twice", async () => {
    let refuse: (error: Error) => void = () => {};
    openWorkbench({}, () => new Promise((_, reject) => (refuse = reject)));
    radio("variable:cats").click();
    button("Embed and explore").click();
    button("Embed and explore").click();
    expect(acted).toHaveLength(1);
    expect(find(".es-wb-stage").textContent).toBe("Starting");
    view.store.set("busy", true);
    expect(find(".es-wb-stage").textContent).toContain("The kernel is busy");
    refuse(new Error("A run is under way: wait for it, or cancel it first."));
    await vi.waitFor(() => expect(alertWords()).toContain("A run is under way"));
    expect(find(".es-wb-stage").textContent).toBe("");
  });
});

describe("done", () => {
  test("the form folds to one line with the Python, and unfolds with fresh lists", () => {
    openWorkbench({ traits: { job: RUNNING } });
    view.model.set("job", DONE);
    expect(find(".es-wb-form").checkVisibility()).toBe(false);
    expect(find(".es-wb-done").textContent).toBe("300 texts of cats by minilm, in 7 s");
    expect(find("code").textContent).toBe(LINE);
    button("Change…").click();
    expect(find(".es-wb-form").checkVisibility()).toBe(true);
    expect(acted).toEqual([{ kind: "refresh_workbench" }]);
    expect(document.activeElement).toBe(field("Data"));
    view.model.set("job", RUNNING);
    view.model.set("job", { ...DONE });
    expect(find(".es-wb-form").checkVisibility()).toBe(false);
  });

  test("the line is copied", async () => {
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    openWorkbench({ traits: { job: DONE } });
    button("Copy").click();
    await vi.waitFor(() => expect(find(".es-wb-code [role=status]").textContent).toBe("Copied"));
    expect(write).toHaveBeenCalledWith(LINE);
    write.mockRestore();
  });

  test("without a clipboard the line is marked for the person's own keys", async () => {
    const write = vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("not allowed"));
    const old = vi.spyOn(document, "execCommand").mockReturnValue(false);
    openWorkbench({ traits: { job: DONE } });
    button("Copy").click();
    await vi.waitFor(() => expect(find(".es-wb-code [role=status]").textContent).toContain("Ctrl+C"));
    expect(getSelection()?.toString()).toBe(LINE);
    write.mockRestore();
    old.mockRestore();
  });
});

test("whatever is in names and words is shown as text", () => {
  const nasty = '<img src=x onerror="window.hacked=1">\u202e';
  const data: DataChoice = {
    key: nasty,
    title: nasty,
    about: nasty,
    group: "variable",
    modality: "text",
    here: true,
  };
  const encoders = CHOICES.encoders.map((one) => ({ ...one, about: nasty, licence: nasty }));
  openWorkbench({ traits: { workbench: { data: [data], encoders, devices: [] } } });
  radio(nasty).click();
  expect(planWords()).toContain(nasty);
  view.model.set("job", { state: "failed", error: nasty });
  expect(alertWords()).toBe(nasty);
  view.model.set("job", { ...RUNNING, stage: nasty, unit: nasty });
  view.model.set("job", { ...DONE, stage: nasty, line: nasty });
  expect(find("code").textContent).toBe(nasty);
  expect(view.el.querySelector("img")).toBeNull();
  expect("hacked" in window).toBe(false);
});

test("nothing listed is not a blank", () => {
  openWorkbench({ traits: { workbench: {} } });
  expect(planWords()).toBe("Choose what to embed.");
  expect(find(".es-wb-none").checkVisibility()).toBe(true);
});

test("closing leaves no listener behind", () => {
  openWorkbench();
  view.close();
  expect(view.store.listenerCount).toBe(0);
  expect(view.el.children).toHaveLength(0);
});

test.each([
  [{ done: 3, total: null, unit: "MB" }, "3 MB"],
  [
    { done: 3, total: 9, unit: "texts", rate: 0.52, remaining_s: 0.3 },
    "3 of 9 texts · 0.5/s · less than 1 s left",
  ],
  [
    { done: 3, total: 9, unit: "texts", rate: 1234.5, remaining_s: 130 },
    "3 of 9 texts · 1,235/s · 2 min left",
  ],
  [{ done: 0, total: 9, unit: "images", rate: null, remaining_s: 7500 }, "0 of 9 images · 2 h 5 min left"],
  [{ done: 0, total: null, unit: "" }, ""],
])("progress %o reads %s", (job, words) => {
  expect(progressWords(job)).toBe(words);
});
