import { describe, expect, test } from "vitest";
import type { Training } from "../src/model";
import { chartsOf, stepRange, valueAt, valueWords } from "../src/panes/training/curves";
import { nearest, pathOf, placeAt, pointsOf, scaleOf, spread } from "../src/panes/training/geometry";
import {
  bestWords,
  commandsOf,
  detailWords,
  durationWords,
  mapWords,
  noMapWords,
  stateWords,
} from "../src/panes/training/words";
import { BEFORE, RUNNING } from "./training_data";

function run(changes: Partial<Training>): Training {
  return { ...RUNNING, ...changes };
}

describe("scales and lines", () => {
  test("a scale begins at a round number and ends at one, or at the values' top", () => {
    expect(scaleOf([[0.24, null, 0.51]], 3)).toEqual({ range: [0.2, 0.5224], ticks: [0.2, 0.3, 0.4, 0.5] });
    expect(scaleOf([[0.3, 5.8]], 3)).toEqual({ range: [0, 6], ticks: [0, 2, 4, 6] });
    const { range, ticks } = scaleOf([[0.3, 5.2]], 1);
    expect(ticks).toEqual([0, 5]);
    expect(range[0]).toBe(0);
    expect(range[1]).toBeGreaterThan(5.2);
    expect(range[1]).toBeLessThan(6);
  });

  test("one value, the same value throughout, and none at all have a scale too", () => {
    for (const rows of [[[0.5, 0.5]], [[2]], [[0]]]) {
      const { range } = scaleOf(rows, 3);
      expect(range[0]).toBeLessThan(rows[0]?.[0] ?? 0);
      expect(range[1]).toBeGreaterThan(rows[0]?.[0] ?? 0);
    }
    expect(scaleOf([[null]], 3).range).toEqual([0, 1]);
  });

  test("a line goes over steps that said nothing", () => {
    const room = { left: 10, top: 5, width: 100, height: 50 };
    const points = pointsOf([0, 5, 10], [1, null, 3], room, { x: [0, 10], y: [1, 3] });
    expect(points).toEqual([
      [10, 55],
      [110, 5],
    ]);
    expect(pathOf(points)).toBe("M10 55L110 5");
    expect(pathOf([])).toBe("");
    expect(placeAt(4, [4, 4], 100)).toBe(50);
  });

  test("the nearest step, and the later one of two", () => {
    expect([-5, 14, 15, 99].map((step) => nearest([0, 10, 20], step))).toEqual([0, 1, 2, 2]);
    expect(nearest([], 3)).toBe(-1);
  });

  test("labels never cover each other and stay inside", () => {
    expect(spread([10, 10, 50], 12, 0, 60)).toEqual([4, 16, 50]);
    expect(spread([50, 10], 12, 0, 60)).toEqual([50, 10]);
    const crowd = spread([59, 58, 57, 59.5], 12, 0, 60);
    const sorted = [...crowd].sort((a, b) => a - b);
    expect(sorted.at(-1)).toBeLessThanOrEqual(60);
    const gaps = sorted.slice(1).map((place, i) => place - (sorted[i] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(11.99);
    // Who is above stays above.
    expect(crowd.map((_, i) => i).sort((a, b) => (crowd[a] as number) - (crowd[b] as number))).toEqual([
      2, 1, 0, 3,
    ]);
  });
});

describe("charts", () => {
  test("loss, Recall@1 and KL with a line a domain, the mean on top", () => {
    const charts = chartsOf(RUNNING);
    expect(charts.map(({ key }) => key)).toEqual(["loss", "recall", "kl"]);
    expect(charts.map(({ lines }) => lines.map(({ name }) => name))).toEqual([
      ["emoji", "logos", "flags", "all"],
      ["emoji", "logos", "flags", "merged index", "mean"],
      ["emoji", "logos", "flags"],
    ]);
    expect(stepRange(charts)).toEqual([0, 60]);
  });

  test("of one domain its own line alone, and no chart of what is not measured", () => {
    const one = run({
      domains: RUNNING.domains?.slice(0, 1) ?? [],
      validation: {
        steps: [0, 5],
        recall: [0.1, 0.2],
        merged: null,
        recall_domains: [[0.1, 0.2]],
        kl_domains: [null],
      },
    });
    expect(chartsOf(one).map(({ lines }) => lines.map(({ name }) => name))).toEqual([["loss"], ["emoji"]]);
    expect(chartsOf(BEFORE)).toEqual([]);
    expect(chartsOf({})).toEqual([]);
    expect(stepRange([])).toEqual([0, 1]);
  });

  test("a value that was not said is the last one before", () => {
    expect([0, 1, 2, 9].map((place) => valueAt([null, 2, null], place))).toEqual([null, 2, 2, 2]);
    expect(valueWords("recall", 0.5)).toBe("0.500");
    expect(valueWords("kl", 0.0004)).toBe("4.0e−4");
    expect(valueWords("loss", null)).toBe("–");
  });
});

describe("words", () => {
  test("how a run stands", () => {
    const states: [Partial<Training>, string][] = [
      [{}, "Running"],
      [{ want: "pause" }, "Pausing…"],
      [{ want: "stop" }, "Stopping…"],
      [{ state: "paused", want: "pause" }, "Paused"],
      [{ state: "paused", want: "run" }, "Going on…"],
      [{ state: "stopped", want: "stop" }, "Stopped"],
      [{ state: "done" }, "Done"],
      [{ state: "failed" }, "Failed"],
      [{ state: "dead" }, "Its process is gone"],
    ];
    for (const [changes, words] of states) expect(stateWords(run(changes))).toBe(words);
    expect(stateWords(BEFORE)).toBe("Starting");
    const progress = {
      stage: "Features",
      done: 1,
      total: 2,
      unit: "image",
      note: "",
      rate: null,
      remaining_s: null,
    };
    expect(stateWords({ ...BEFORE, progress })).toBe("Preparing");
    expect(stateWords({})).toBe("There is no run");
  });

  test("how far it is and what comes next", () => {
    expect(detailWords(RUNNING)).toBe("step 60 of 200 · 3.2 steps/s · 1 min 11 s left");
    expect(detailWords(run({ rate: 0.25 }))).toContain("4 s a step");
    expect(detailWords(run({ state: "paused", want: "pause" }))).toBe(
      "step 60 of 200 · it keeps its memory and waits",
    );
    expect(detailWords(run({ want: "stop" }))).toContain("with a checkpoint to go on from");
    expect(detailWords(run({ state: "stopped" }))).toBe("step 60 of 200 · Resume goes on from step 40");
    expect(detailWords(run({ state: "dead", checkpoint: 0 }))).toContain("Resume begins it again");
    expect(detailWords(run({ state: "done", has_model: true, total: null }))).toBe(
      "step 60 · run.model is the encoder",
    );
    const progress = {
      stage: "Features of flags",
      done: 240,
      total: 506,
      unit: "image",
      note: "",
      rate: null,
      remaining_s: null,
    };
    expect(detailWords(run({ progress, rate: null, remaining_s: null }))).toBe(
      "step 60 of 200 · Features of flags: 240 of 506 images",
    );
    expect(bestWords(RUNNING)).toBe("Best Recall@1 0.500 at step 40");
    expect(bestWords(BEFORE)).toBe("");
    expect([4.2, 71, 3720, 90_000].map(durationWords)).toEqual([
      "4 s",
      "1 min 11 s",
      "1 h 2 min",
      "25 h 0 min",
    ]);
  });

  test("what can be told to it", () => {
    expect(commandsOf(RUNNING)).toEqual(["pause", "stop"]);
    expect(commandsOf(run({ want: "pause" }))).toEqual(["resume", "stop"]);
    expect(commandsOf(run({ want: "stop" }))).toEqual([]);
    expect(commandsOf(run({ state: "paused" }))).toEqual(["resume", "stop"]);
    for (const state of ["stopped", "failed", "dead"] as const)
      expect(commandsOf(run({ state }))).toEqual(["resume"]);
    expect(commandsOf(run({ state: "done" }))).toEqual([]);
  });

  test("what the map is, and why there is none", () => {
    expect(mapWords(90, RUNNING)).toBe(
      "UMAP of 90 held-out items, trustworthiness 0.93 · the same turn and scale at every step",
    );
    expect(noMapWords(BEFORE)).toContain("comes with the first validation");
    expect(
      noMapWords({ ...BEFORE, maps: { steps: [], shown: null, trust: null, waiting: 2, problem: "" } }),
    ).toBe("Making the first map…");
    const [domain] = RUNNING.domains ?? [];
    if (domain)
      expect(noMapWords({ ...BEFORE, domains: [{ ...domain, validation: null }] })).toContain(
        "Nothing is held out",
      );
    expect(noMapWords({ ...BEFORE, state: "done" })).toBe("This run has left no vectors to map.");
  });
});
