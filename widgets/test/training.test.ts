import axe from "axe-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import type { Training } from "../src/model";
import {
  acted,
  BEFORE,
  button,
  close,
  find,
  labelsOf,
  openTraining,
  placesAt,
  RUNNING,
  view,
} from "./training_data";

afterEach(close);

function words(selector: string): string {
  return find(selector).textContent ?? "";
}

function tell(changes: Partial<Training>): void {
  view.model.set("training", { ...view.model.get("training"), ...changes });
}

function shownButtons(): string[] {
  const buttons = [...view.el.querySelectorAll<HTMLButtonElement>(".es-train-button")];
  return buttons.filter(({ hidden }) => !hidden).map(({ textContent }) => textContent ?? "");
}

async function drawn(): Promise<void> {
  await vi.waitFor(() => expect(view.el.querySelectorAll(".es-train-curve").length).toBe(12));
}

function plot(chart: string): HTMLElement {
  return find(`[data-chart="${chart}"] .es-train-plot`);
}

describe("the run", () => {
  test("its state, its pace and its best step in words", () => {
    openTraining();
    expect(words(".es-train-state")).toBe("Running");
    expect(words(".es-train-words")).toContain("step 60 of 200 · 3.2 steps/s · 1 min 11 s left");
    expect(words(".es-train-words")).toContain("Best Recall@1 0.500 at step 40");
    expect(find(".es-train-track").getAttribute("aria-valuenow")).toBe("60");
    expect(shownButtons()).toEqual(["Pause", "Stop"]);
  });

  test("pause, resume and stop are asked for, and the buttons follow what the run says", async () => {
    openTraining();
    button("Pause").click();
    await vi.waitFor(() => expect(acted).toEqual([{ kind: "control_run", want: "pause" }]));
    button("Pause").focus();
    tell({ want: "pause" });
    expect(words(".es-train-state")).toBe("Pausing…");
    expect(document.activeElement).toBe(button("Resume"));
    tell({ state: "paused", rate: null, remaining_s: null });
    expect(words(".es-train-words")).toContain("it keeps its memory and waits");
    await vi.waitFor(() => expect(button("Resume").getAttribute("aria-disabled")).toBe("false"));
    button("Resume").click();
    await vi.waitFor(() => expect(acted.at(-1)).toEqual({ kind: "control_run", want: "resume" }));
    tell({ state: "running", want: "run" });
    await vi.waitFor(() => expect(button("Stop").getAttribute("aria-disabled")).toBe("false"));
    button("Stop").click();
    await vi.waitFor(() => expect(acted.at(-1)).toEqual({ kind: "control_run", want: "stop" }));
    tell({ want: "stop" });
    expect(shownButtons()).toEqual([]);
    tell({ state: "stopped", checkpoint: 60 });
    expect(shownButtons()).toEqual(["Resume"]);
    expect(words(".es-train-words")).toContain("Resume goes on from step 60");
    tell({ state: "done", has_model: true });
    expect(shownButtons()).toEqual([]);
    expect(words(".es-train-words")).toContain("run.model is the encoder");
  });

  test("a click while one is on its way asks nothing, and a refusal is said", async () => {
    let refuse: (error: Error) => void = () => {};
    const asked: unknown[] = [];
    openTraining(RUNNING, {
      answers: {
        act: (action) => {
          asked.push(action);
          return new Promise((_, reject) => {
            refuse = reject;
          });
        },
      },
    });
    button("Pause").click();
    button("Stop").click();
    expect(asked).toHaveLength(1);
    refuse(new Error("The run in runs/a is dead; only one that runs can be paused."));
    await vi.waitFor(() => expect(words(".es-train-problem")).toContain("is dead"));
    expect(find(".es-train-problem").hidden).toBe(false);
  });

  test("an error stands with what to do, and the log's end can be opened", () => {
    openTraining({
      ...RUNNING,
      state: "failed",
      error: "The disk is full.\nrun.resume() goes on from step 40.\nThe end of runs/a/log.txt:\nOSError: 28",
    });
    expect(words(".es-train-problem")).toBe("The disk is full.\nrun.resume() goes on from step 40.");
    expect(words(".es-train-log")).toBe("runs/a/log.txt:\nOSError: 28");
    tell({ state: "running", error: "" });
    expect(find(".es-train-said").hidden).toBe(true);
  });

  test("what it does before its first step", () => {
    openTraining(BEFORE);
    expect(words(".es-train-state")).toBe("Starting");
    expect(words(".es-train-preparing")).toContain("Its process starts");
    expect(words(".es-train-none")).toContain("comes with the first validation");
    const progress = {
      stage: "Features of flags",
      done: 240,
      total: 506,
      unit: "image",
      note: "",
      rate: 112.3,
      remaining_s: 4,
    };
    tell({ progress });
    expect(words(".es-train-state")).toBe("Preparing");
    expect(words(".es-train-preparing")).toContain("Features of flags");
    expect(words(".es-train-preparing")).toContain("240 of 506 images · 112/s · 4 s left");
    tell({ ...RUNNING });
    expect(find(".es-train-preparing").hidden).toBe(true);
    expect(find(".es-train-charts").hidden).toBe(false);
  });
});

describe("curves", () => {
  test("each has its name and its last value at its end, top to bottom as the curves end", async () => {
    openTraining();
    await drawn();
    expect(labelsOf("recall")).toEqual(
      ["logos 0.550", "flags 0.450", "mean 0.450", "merged index 0.440", "emoji 0.350"].sort(
        (a, b) => Number(b.split(" ").at(-1)) - Number(a.split(" ").at(-1)),
      ),
    );
    expect(labelsOf("kl")).toEqual(["flags 1", "logos 0.625", "emoji 0.5"]);
    expect(labelsOf("loss")[0]).toMatch(/1\.5$/);
  });

  test("a step is read in all of them, by pointer and by keys", async () => {
    openTraining();
    await drawn();
    plot("kl").focus();
    await userEvent.keyboard("{ArrowLeft}");
    expect(labelsOf("kl")).toContain("emoji 1");
    expect(labelsOf("recall")).toContain("mean 0.500");
    expect(plot("recall").getAttribute("aria-valuenow")).toBe("40");
    expect(plot("recall").getAttribute("aria-valuetext")).toContain("step 40: mean 0.500");
    expect(view.el.querySelectorAll(".es-train-cursor")).toHaveLength(3);
    await userEvent.keyboard("{Home}");
    expect(labelsOf("kl")).toContain("flags 5");
    plot("kl").blur();
    expect(labelsOf("kl")).toContain("flags 1");
    expect(view.el.querySelectorAll(".es-train-cursor")).toHaveLength(0);
    const box = plot("recall").getBoundingClientRect();
    const left = box.left + 48;
    plot("recall").dispatchEvent(new PointerEvent("pointermove", { clientX: left, clientY: box.top + 20 }));
    expect(labelsOf("recall")).toContain("mean 0.300");
    expect(labelsOf("loss")).toContain("all 5");
  });

  test("a chosen step is the map's", async () => {
    openTraining();
    await drawn();
    plot("recall").focus();
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}{Enter}");
    expect(view.model.get("map_step")).toBe(20);
    await userEvent.keyboard("{End}{Enter}");
    expect(view.model.get("map_step")).toBe(-1);
  });

  test("the best step and the map's step are marked", async () => {
    openTraining();
    await drawn();
    expect(view.el.querySelectorAll(".es-train-best")).toHaveLength(2);
    expect(view.el.querySelectorAll(".es-train-shown")).toHaveLength(2);
    tell({ best: null, maps: { steps: [], shown: null, trust: null, waiting: 0, problem: "" } });
    expect(view.el.querySelectorAll(".es-train-best, .es-train-shown")).toHaveLength(0);
  });

  test("new points keep the focus and the charts' elements", async () => {
    openTraining();
    await drawn();
    const before = plot("loss");
    before.focus();
    tell({ step: 70, loss: { steps: [10, 70], total: [5, 0.5], domains: [null, null, null] } });
    expect(plot("loss")).toBe(before);
    expect(document.activeElement).toBe(before);
    expect(labelsOf("loss")).toEqual(["all 0.5"]);
  });
});

describe("the map", () => {
  test("it follows the newest until a step is chosen, and again when asked", async () => {
    openTraining();
    await vi.waitFor(() => expect(view.el.querySelector(".es-train-stage canvas")).not.toBeNull());
    const range = find<HTMLInputElement>(".es-train-scrubber .es-range");
    expect([range.max, range.value]).toEqual(["3", "3"]);
    expect(words(".es-train-at")).toBe("step 60");
    expect(button("Newest").getAttribute("aria-pressed")).toBe("true");
    range.value = "1";
    range.dispatchEvent(new Event("input"));
    expect(view.model.get("map_step")).toBe(20);
    expect(view.model.saves).toBe(1);
    expect(words(".es-train-at")).toBe("step 20");
    const maps = { steps: [0, 20, 40, 60, 80], shown: 20, trust: 0.9, waiting: 0, problem: "" };
    tell({ maps });
    expect([range.max, range.value]).toEqual(["4", "1"]);
    button("Newest").click();
    expect(view.model.get("map_step")).toBe(-1);
    expect(range.value).toBe("4");
    view.model.set("map_step", 40);
    expect(words(".es-train-at")).toBe("step 40");
  });

  test("points go to the places of another step", async () => {
    openTraining();
    await vi.waitFor(() => expect(view.el.querySelector(".es-train-stage canvas")).not.toBeNull());
    const before = Array.from(view.store.get("coords"));
    view.model.set("coords", placesAt(0));
    expect(Array.from(view.store.get("coords"))).not.toEqual(before);
    expect(words(".es-train-map-words")).toContain("trustworthiness 0.93");
  });

  test("it opens when the first one comes", async () => {
    openTraining(BEFORE);
    expect(view.el.querySelector(".es-train-stage canvas")).toBeNull();
    view.model.set("universe", { ...view.model.get("universe"), n: 90 });
    view.model.set("coords", placesAt(0));
    tell({ ...RUNNING });
    await vi.waitFor(() => expect(view.el.querySelector(".es-train-stage canvas")).not.toBeNull());
    expect(find(".es-train-none").hidden).toBe(true);
    expect(view.store.get("problem")).toBe("");
  });

  test("it runs through its steps", async () => {
    openTraining();
    button("Run through the steps").click();
    expect(view.model.get("map_step")).toBe(0);
    await vi.waitFor(() => expect(view.model.get("map_step")).toBe(20), { timeout: 5000 });
    button("Stop here").click();
    expect(button("Run through the steps")).toBeTruthy();
  });
});

test("whatever a run says is text, and fits", async () => {
  const evil = `<img src=x onerror="window.hit=1">\u202e${"x".repeat(100_000)}`;
  const domains = (RUNNING.domains ?? []).map((domain) => ({ ...domain, name: evil }));
  openTraining({
    ...RUNNING,
    domains,
    state: "failed",
    error: `${evil}\nThe end of log:\n${evil}`,
    notes: [{ step: 3, text: evil }],
  });
  await drawn();
  expect(view.el.querySelector("img[src=x]")).toBeNull();
  expect("hit" in window).toBe(false);
  expect(find(".es-train-label bdi").textContent?.length).toBeLessThan(100);
  expect(view.root.scrollWidth).toBeLessThanOrEqual(view.root.clientWidth + 1);
});

test.each(["light", "dark"] as const)("no fault of accessibility, %s", async (theme) => {
  openTraining({ ...RUNNING, notes: [{ step: 20, text: "An image was left out." }] }, { traits: { theme } });
  await drawn();
  const found = await axe.run(view.root);
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 160))])).toEqual(
    [],
  );
});

test("what is closed listens no more", () => {
  openTraining();
  const { model } = view;
  view.close();
  // The one that is left is this test's own kernel.
  expect(model.callbackCount).toBe(1);
  tell({ state: "done" });
});
