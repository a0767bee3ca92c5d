import { describe, expect, test } from "vitest";
import { canBeSelected, withSelected } from "../src/panes/distributions/asking";
import { fullest, moved, nearest } from "../src/panes/distributions/bin_keys";
import { choicesOf, chosenOf } from "../src/panes/distributions/choices";
import { frameOf, panelHeights, squareOf } from "../src/panes/distributions/frame";
import {
  cellAt,
  cellMoved,
  countAt,
  density,
  fullestCell,
  type Joint,
  jointOf,
  quantileLine,
} from "../src/panes/distributions/joint_bins";
import { countScale, niceTicks, placeOn, shortCount } from "../src/panes/distributions/scales";
import { binAt, reaches, stepPath } from "../src/panes/distributions/steps";
import {
  barLabel,
  countAndShare,
  kindFigures,
  namesOf,
  pairsIn,
  rangeOf,
  separationFigures,
  shownOf,
} from "../src/panes/distributions/words";
import type { Distributions, PairKind } from "../src/source/source";

function kind(name: string, teacher: number[], student: number[]): PairKind {
  const base = { js: 0.05, wasserstein: 0.1, sampling: "exact", joint: null };
  return { kind: name, teacher, student, means: [0.2, 0.3], ...base };
}

function distributions(kinds: PairKind[], edges = [0, 0.5, 1]): Distributions {
  return { by: "label", title: "Label", edges, unit: "cosine distance", kinds, separation: null };
}

describe("counts", () => {
  test("evenly, a bar is as high as its share of the largest, and none is nothing", () => {
    const { height, ticks } = countScale("linear", 200, 100);
    expect([0, 50, 100, 200].map(height)).toEqual([0, 25, 50, 100]);
    expect(height(0.001)).toBe(1);
    expect(ticks).toEqual([0, 100, 200]);
  });

  test("by powers of ten, one pair stands over none and every power as far over the last", () => {
    const { height, ticks } = countScale("log", 10_000, 105);
    expect(height(0)).toBe(0);
    expect(height(1)).toBe(5);
    expect([10, 100, 1000, 10_000].map((count) => Math.round(height(count)))).toEqual([30, 55, 80, 105]);
    expect(ticks[0]).toBe(1);
    expect(ticks).toEqual([1, 100, 10_000]);
  });

  test.each([0, 1, 3, 9, 12, 1e7])("a scale up to %s keeps its ticks and bars within its room", (most) => {
    for (const scale of ["linear", "log"] as const) {
      const { height, ticks } = countScale(scale, most, 80);
      expect(height(most)).toBeLessThanOrEqual(80 + 1e-9);
      expect(ticks.length).toBeGreaterThan(0);
      for (const tick of ticks) expect(height(tick)).toBeLessThanOrEqual(80 + 1e-9);
      expect(ticks.every(Number.isInteger)).toBe(true);
    }
  });

  test("ticks are round, within the ends, and few", () => {
    expect(niceTicks(0, 1.3, 5)).toEqual([0, 0.5, 1]);
    expect(niceTicks(0.07, 0.93, 4)).toEqual([0.25, 0.5, 0.75]);
    expect(niceTicks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(niceTicks(2, 2, 4)).toEqual([2]);
    expect(niceTicks(Number.NaN, 1, 4)).toEqual([]);
  });

  test("counts at an axis are short, and places stay on their line", () => {
    expect([0, 850, 12_000, 1_500_000].map(shortCount)).toEqual(["0", "850", "12K", "1.5M"]);
    expect([-1, 0, 0.5, 2].map((value) => placeOn(value, [0, 1], 200))).toEqual([0, 0, 100, 200]);
  });
});

describe("outlines", () => {
  test("go up and down at the bins' edges and leave empty bins open", () => {
    expect(stepPath([10, 20, 0, 5], 40, 100)).toBe("M0 100V90H10V80H20V100M30 100V95H40V100");
    expect(stepPath([0, 0], 40, 100)).toBe("");
  });

  test("a column belongs to the bar whose top is nearest, and to nobody where both are empty", () => {
    const found = reaches([60, 0, 0, 10], [20, 30, 0, 10], 40, 100);
    expect(found.map(({ bin, side }) => `${bin} ${side}`)).toEqual([
      "0 teacher",
      "0 student",
      "1 student",
      "3 teacher",
      "3 student",
    ]);
    expect(found[0]).toMatchObject({ x: 0, width: 10, top: 0, height: 60, bar: 60 });
    expect(found[1]).toMatchObject({ top: 60, height: 40, bar: 20 });
    expect(found[2]).toMatchObject({ top: 0, height: 100 });
    // Two bars of one pixel can still both be met.
    const low = reaches([1], [1], 10, 100);
    expect(low.map(({ height }) => height)).toEqual([92, 8]);
  });

  test("the bin at a place", () => {
    expect([-1, 0, 9.9, 10, 39, 40].map((x) => binAt(x, 40, 4))).toEqual([-1, 0, 0, 1, 3, -1]);
  });
});

describe("keys", () => {
  const counts = { teacher: [0, 5, 0, 9, 2], student: [1, 0, 0, 0, 7] };

  test.each([
    ["ArrowRight", 3],
    ["ArrowLeft", 1],
    ["Home", 1],
    ["End", 4],
  ])("%s leads along the bins that hold pairs", (key, bin) => {
    expect(moved(counts, { bin: 1, side: "teacher" }, key)).toEqual({ bin, side: "teacher" });
  });

  test("up and down change the side, to the nearest bin with pairs; other keys lead nowhere", () => {
    expect(moved(counts, { bin: 3, side: "teacher" }, "ArrowUp")).toEqual({ bin: 4, side: "student" });
    expect(moved(counts, { bin: 0, side: "student" }, "ArrowDown")).toEqual({ bin: 1, side: "teacher" });
    const alone = { teacher: [3], student: [0] };
    expect(moved(alone, { bin: 0, side: "teacher" }, "ArrowUp")).toEqual({ bin: 0, side: "teacher" });
    expect(moved(counts, { bin: 1, side: "teacher" }, "x")).toBeNull();
  });

  test("the keyboard starts at the fullest bin", () => {
    expect(fullest(counts.teacher)).toBe(3);
    expect(fullest([0, 0])).toBe(-1);
    expect(nearest([0, 0], 1)).toBe(-1);
  });
});

describe("the joint histogram", () => {
  const joint = jointOf(Uint32Array.of(0, 4, 0, 1, 0, 0, 0, 9, 0), 3) as Joint;

  test("is a table by the teacher's bin, then the student's; what is not square is none", () => {
    expect(countAt(joint, { teacher: 0, student: 1 })).toBe(4);
    expect(countAt(joint, { teacher: 1, student: 0 })).toBe(1);
    expect(fullestCell(joint)).toEqual({ teacher: 2, student: 1 });
    expect(jointOf(null, 3)).toBeNull();
    expect(jointOf(new Uint32Array(8), 3)).toBeNull();
  });

  test("the student's axis points up", () => {
    expect(cellAt(5, 5, 30, 3)).toEqual({ teacher: 0, student: 2 });
    expect(cellAt(25, 25, 30, 3)).toEqual({ teacher: 2, student: 0 });
    expect(cellAt(30, 5, 30, 3)).toBeNull();
    expect(cellMoved({ teacher: 0, student: 2 }, "ArrowUp", 3)).toEqual({ teacher: 0, student: 2 });
    expect(cellMoved({ teacher: 0, student: 1 }, "ArrowRight", 3)).toEqual({ teacher: 1, student: 1 });
    expect(cellMoved({ teacher: 0, student: 1 }, "Enter", 3)).toBeNull();
  });

  test("a single pair is seen, and colours go by the logarithm", () => {
    expect(density(0, 1000)).toBe(0);
    expect(density(1, 1000)).toBeGreaterThan(0.05);
    expect(density(1000, 1000)).toBe(1);
    expect(density(31, 1023)).toBeCloseTo(0.5, 9);
  });

  test("equal histograms have the diagonal as their quantiles, shifted ones run beside it", () => {
    const edges = [0, 1, 2, 3, 4];
    for (const [teacher, student] of quantileLine([1, 3, 2, 0], [1, 3, 2, 0], edges))
      expect(student).toBeCloseTo(teacher, 9);
    const moved = quantileLine([2, 4, 0, 0], [0, 2, 4, 0], edges, 4);
    expect(moved.map(([teacher]) => teacher)).toEqual([0, 0.75, 1.25, 1.625, 2]);
    for (const [teacher, student] of moved) expect(student - teacher).toBeCloseTo(1, 9);
    expect(quantileLine([0, 0], [1, 1], [0, 1, 2])).toEqual([]);
  });
});

describe("what is offered and said", () => {
  const kinds = [
    kind("all", [3, 1], [2, 2]),
    kind("same label", [1, 0], [1, 0]),
    kind("different label", [2, 1], [1, 2]),
  ];

  test("kinds that compare come first; the joint view shows one at a time", () => {
    const choices = choicesOf([...kinds, kind("selected", [1, 0], [0, 1])], 40);
    expect(choices.map(({ title }) => title)).toEqual([
      "Same and different label",
      "All pairs",
      "Same label",
      "Different label",
      "Among 40 selected",
    ]);
    expect(chosenOf(choices, "", false)?.kinds).toEqual(["same label", "different label"]);
    expect(chosenOf(choices, "", true)?.kinds).toEqual(["all"]);
    expect(chosenOf(choices, "selected", false)?.key).toBe("selected");
    expect(chosenOf(choicesOf(kinds), "selected", false)?.key).toBe("same label+different label");
    expect(chosenOf([], "all", false)).toBeUndefined();
  });

  test("the first and the last bin also hold what lies beyond", () => {
    const edges = [0.1, 0.2, 0.3, 0.4];
    expect([0, 1, 2].map((bin) => rangeOf(edges, bin))).toEqual([
      "up to 0.200",
      "0.200 – 0.300",
      "0.300 and more",
    ]);
    expect(rangeOf([0, 0.5, 1], 0)).toBe("0 – 0.500");
  });

  test("numbers stand for themselves, and none is said of nothing", () => {
    const [js, wasserstein] = kindFigures(kind("all", [1], [1]), "cosine distance");
    expect([js?.value, wasserstein?.value]).toEqual(["0.05 nats", "0.1"]);
    expect(wasserstein?.about).toContain("cosine distance");
    expect(kindFigures({ ...kind("all", [0], [0]), js: null, wasserstein: null }, "")).toEqual([]);
    const separation = { auc: [0.9, 0.7] as [number, number], dPrime: [1.5, -0.25] as [number, number] };
    expect(separationFigures({ ...distributions(kinds), separation }).map(({ value }) => value)).toEqual([
      "0.900 → 0.700",
      "1.50 → −0.25",
    ]);
    expect(separationFigures(distributions(kinds))).toEqual([]);
  });

  test("bins are counted in words", () => {
    expect(countAndShare(1234, 10_000)).toBe("1,234 (12 %)");
    expect(countAndShare(0, 10)).toBe("none");
    expect(barLabel(kind("all", [3, 1], [2, 2]), [0, 0.5, 1], "teacher", 1, "MiniLM")).toBe(
      "MiniLM, 0.500 and more: 1 pair, 25 %",
    );
    const pair = { rows: [1, 2] as [number, number], teacher: 0.1, student: 0.2 };
    expect(shownOf([pair], 30)).toBe("1 of 30 pairs");
    expect(shownOf([pair], 1)).toBe("The only pair");
    expect(shownOf([pair, pair], 2)).toBe("All 2 pairs");
    expect(shownOf([], 9)).toBe("No example was kept of this bin.");
    expect(namesOf(undefined)).toEqual({ teacher: "Teacher", student: "Student" });
    expect(namesOf(["x".repeat(1000), "wordllama"]).teacher.length).toBeLessThan(40);
  });

  test("pairs of a bin are counted on the sides that it names", () => {
    const both = { ...kind("all", [3, 1], [2, 2]), joint: Uint32Array.of(2, 1, 0, 1) };
    const bin = { by: "", kind: "all" };
    expect(pairsIn(both, { ...bin, teacher: 0, student: null }, 2)).toBe(3);
    expect(pairsIn(both, { ...bin, teacher: null, student: 1 }, 2)).toBe(2);
    expect(pairsIn(both, { ...bin, teacher: 0, student: 1 }, 2)).toBe(1);
    expect(pairsIn(undefined, { ...bin, teacher: 0, student: 1 }, 2)).toBe(0);
  });

  test("selected pairs come beside what was counted; other bins replace everything", () => {
    const selected = kind("selected", [1, 0], [0, 1]);
    const now = distributions(kinds);
    const answer = distributions([kind("all", [9, 9], [9, 9]), selected]);
    expect(withSelected(now, answer).kinds).toEqual([...kinds, selected]);
    expect(withSelected(withSelected(now, answer), answer).kinds).toHaveLength(4);
    const other = distributions([selected], [0, 1, 2]);
    expect(withSelected(now, other)).toBe(other);
    expect([0, 1, 2, 2000, 2001].map(canBeSelected)).toEqual([false, false, true, true, false]);
  });
});

test("two panels get the same room for their bins, and a square fits its place", () => {
  const [above, below] = panelHeights(320, 2, 20).map((height, i) => frameOf(300, height, i === 1).room);
  expect(Math.abs((above ?? 0) - (below ?? 0))).toBeLessThanOrEqual(1);
  const { plot, room } = squareOf(300, 500);
  expect(plot).toBe(room);
  expect(plot).toBeLessThanOrEqual(250);
});
