import { afterEach, expect, test } from "vitest";
import type { Heatmap } from "../src/source/source";
import { close, view } from "./driver";
import { soon } from "./explorer";
import { heatmapOf, openHeatmap } from "./heatmap_data";
import { button, choose, clickCell, grid, menuOf, painted, words } from "./heatmap_driver";

afterEach(close);

interface Asked {
  by: string;
  bandwidth: string;
  layer: string;
  signal: AbortSignal;
  answer(heatmap: Heatmap): void;
  fail(error: Error): void;
}

let asked: Asked[] = [];

/** A pane whose heatmaps come when the test says so. */
function openSlow(): void {
  asked = [];
  openHeatmap({
    heatmap: (by, bandwidth, layer, signal = new AbortController().signal) =>
      new Promise((answer, fail) => {
        asked.push({ by, bandwidth, layer, signal, answer, fail });
        signal.addEventListener("abort", () => fail(signal.reason));
      }),
  });
}

function last(): Asked {
  return asked.at(-1) as Asked;
}

function answer(): void {
  const { by, bandwidth, layer } = last();
  last().answer(heatmapOf(by, bandwidth, layer as "contribution"));
}

test("it is asked for at once; until it comes there are words, then how far the pass is", async () => {
  openSlow();
  expect(asked).toHaveLength(1);
  expect(words(".es-wb-stage")).toBe("Comparing the neighbourhoods of teacher and student…");
  expect(grid().checkVisibility()).toBe(false);
  view.model.set("job", {
    state: "running",
    stage: "Comparing neighbourhoods",
    done: 4000,
    total: 11314,
    unit: "anchors",
    rate: 812,
    remaining_s: 9,
  });
  expect(words(".es-wb-stage")).toBe("Comparing neighbourhoods");
  expect(words(".es-wb-numbers")).toBe("4,000 of 11,314 anchors · 812/s · 9 s left");
  const bar = view.el.querySelector('.es-heat-state [role="progressbar"]');
  expect(bar?.getAttribute("aria-valuenow")).toBe("4000");
  answer();
  await painted();
  expect(view.el.querySelector(".es-heat-state")?.checkVisibility()).toBe(false);
});

test("Cancel ends the request, and Compute begins another", async () => {
  openSlow();
  expect(button().textContent).toBe("Cancel");
  button().click();
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(words(".es-heat-state .es-heat-words")).toBe("Cancelled; nothing was computed.");
  expect(button().textContent).toBe("Compute");
  button().click();
  expect(asked).toHaveLength(2);
  answer();
  await painted();
});

test("what goes wrong is said in words, and can be tried again", async () => {
  openSlow();
  last().fail(new Error("Perplexity 30 wants more than 31 items; there are 12."));
  await soon(() => expect(words(".es-heat-words.es-bad")).toContain("Perplexity 30 wants more"));
  expect(button().textContent).toBe("Try again");
  button().click();
  answer();
  await painted();
  expect(view.el.querySelector(".es-bad")).toBeNull();
});

test("the second pass says so; until it comes the last layer stays, dimmed, and opens no cell", async () => {
  openSlow();
  answer();
  await painted();
  choose("Layer", "js");
  expect(last().layer).toBe("js");
  expect(words(".es-wb-stage")).toBe("Jensen–Shannon takes a second pass over all pairs…");
  expect(grid().checkVisibility()).toBe(true);
  expect(view.el.querySelector(".es-heat-body.es-waiting")).not.toBeNull();
  clickCell(2, 2);
  expect(view.store.get("cell")).toBeNull();
  button().click();
  expect(grid().checkVisibility()).toBe(false);
  choose("Layer", "within");
  await painted();
  expect(asked).toHaveLength(2);
});

test("another layer of the same pass is no reason to begin again", async () => {
  openSlow();
  choose("Layer", "between");
  expect(asked).toHaveLength(1);
  answer();
  await painted();
  expect(menuOf("Layer").value).toBe("between");
  expect(words(".es-heat-rest")).toContain("between part");
});

test("another bandwidth ends the pass that is no longer wanted", async () => {
  openSlow();
  choose("Bandwidth", "mean:0.25");
  await soon(() => expect(asked).toHaveLength(2));
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(last().bandwidth).toBe("mean:0.25");
  answer();
  await painted();
});

test("a view that closes ends what it asked for and leaves no listener", async () => {
  openSlow();
  view.close();
  expect(asked[0]?.signal.aborted).toBe(true);
  expect(view.store.listenerCount).toBe(0);
});
