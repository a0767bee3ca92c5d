import { describe, expect, test } from "vitest";
import { onDark, rampAt, rgba, swatch } from "../src/colors";
import { count, measure, percent } from "../src/format";
import { type Look, levelOf, lookFor, paintOf, pileRows, STEPS } from "../src/panes/map/paint";
import type { CategoryColor } from "../src/state";
import { generator } from "./synthetic";

const look: Look = { size: 4, opacity: 0.8, dark: false, isolated: new Set() };
const color: CategoryColor = {
  kind: "category",
  column: "c",
  title: "C",
  codes: Uint16Array.of(0, 1, 2, 1),
  names: ["a", "b", "none"],
  colors: ["#ff0000", "#0000ff", "#b0b0b0"],
  counts: [1, 2, 1],
};

describe("paint", () => {
  test("a category has its colour, and grey is the ground", () => {
    const paint = paintOf(color, 4, look);
    expect(paint.levels).toBe(color.codes);
    expect(paint.colors[0]).toEqual([1, 0, 0, 1]);
    expect(paint.opacities[2]).toBeLessThan(paint.opacities[0] as number);
    expect([...(pileRows(paint) ?? [])]).toEqual([2, 0, 1, 3]);
  });

  test("isolating fades the others and puts the isolated on top", () => {
    const paint = paintOf(color, 4, { ...look, isolated: new Set([1]) });
    expect(paint.opacities[1]).toBe(0.8);
    expect(paint.opacities[0]).toBeLessThan(0.2);
    expect([...(pileRows(paint) ?? [])].slice(2)).toEqual([1, 3]);
    expect([...paint.faded]).toEqual([0, 2]);
  });

  test("marked rows keep their colours and lie on top; the others fade, whatever colours there are", () => {
    const marked = Uint32Array.of(0, 3);
    for (const colors of [color, { kind: "none" as const, column: "", title: "" }]) {
      const plain = paintOf(colors, 4, look);
      const paint = paintOf(colors, 4, { ...look, marked });
      expect([...(pileRows(paint) ?? [])]).toEqual([1, 2, 0, 3]);
      for (const row of marked) {
        expect(paint.colors[paint.levels[row] as number]).toEqual(plain.colors[plain.levels[row] as number]);
        expect(paint.faded.has(paint.levels[row] as number)).toBe(false);
      }
      for (const row of [1, 2]) {
        expect(paint.faded.has(paint.levels[row] as number)).toBe(true);
        expect(paint.opacities[paint.levels[row] as number]).toBeLessThan(0.2);
      }
    }
    const isolated = paintOf(color, 4, { ...look, marked, isolated: new Set([1]) });
    expect([0, 1, 2, 3].filter((row) => !isolated.faded.has(isolated.levels[row] as number))).toEqual([3]);
  });

  test("the pile of many rows is that of a stable sort", () => {
    const random = generator(5);
    const codes = Uint16Array.from({ length: 5000 }, () => Math.floor(random() * 3));
    const paint = paintOf({ ...color, codes }, codes.length, { ...look, isolated: new Set([0]) });
    const place = (row: number): number => (paint.pile ?? []).indexOf(codes[row] as number);
    const sorted = Array.from(codes.keys()).sort((a, b) => place(a) - place(b));
    expect([...(pileRows(paint) ?? [])]).toEqual(sorted);
  });

  test("a number becomes a step of its ramp, and what is no number a level of its own", () => {
    expect([0, 5, 10, -3, 99].map((value) => levelOf(value, 0, 10))).toEqual([0, 127, 254, 0, 254]);
    expect([Number.NaN, Infinity].map((value) => levelOf(value, 0, 10))).toEqual([STEPS, STEPS]);
    expect(levelOf(4, 4, 4)).toBe(127);
    const values = Float32Array.of(0, Number.NaN, 1);
    const paint = paintOf(
      {
        kind: "number",
        column: "v",
        title: "V",
        values,
        range: [0, 1],
        rangeLabels: ["0", "1"],
        ramp: ["#000000", "#ffffff"],
      },
      3,
      look,
    );
    expect([...paint.levels]).toEqual([0, STEPS, 254]);
    expect(paint.colors).toHaveLength(STEPS + 1);
    expect(paint.colors[127]?.[0]).toBeCloseTo(0.5, 2);
  });

  test("no colour is one colour", () => {
    expect(paintOf({ kind: "none", column: "", title: "" }, 3, look).colors).toHaveLength(1);
  });

  test("more points are smaller and fainter, and never vanish", () => {
    const looks = [1, 200, 2000, 20_000, 1_000_000, 1e8].map((n) => lookFor(n, 500_000));
    for (const [i, later] of looks.slice(1).entries()) {
      expect(later.size).toBeLessThanOrEqual(looks[i]?.size as number);
      expect(later.opacity).toBeLessThanOrEqual(looks[i]?.opacity as number);
    }
    expect(looks.at(-1)?.size).toBeGreaterThanOrEqual(1.2);
    expect(looks.at(-1)?.opacity).toBeGreaterThan(0.1);
  });
});

describe("colours", () => {
  test("hex, what a browser computes, and nonsense", () => {
    expect(rgba("#ff8000")).toEqual([1, 128 / 255, 0, 1]);
    expect(rgba("rgb(255, 0, 51)")).toEqual([1, 0, 0.2, 1]);
    expect(rgba("none")).toEqual([128 / 255, 128 / 255, 128 / 255, 1]);
  });

  test("a ramp's ends are its stops", () => {
    expect(rampAt(["#000000", "#ff0000", "#ffffff"], 0)).toEqual([0, 0, 0, 1]);
    expect(rampAt(["#000000", "#ff0000", "#ffffff"], 0.5)).toEqual([1, 0, 0, 1]);
    expect(rampAt([], 1)).toEqual(rgba("#808080"));
  });

  test("a dark colour is lifted on a dark ground and keeps its hue; a light one stays", () => {
    const [r, g, b] = onDark(rgba("#710079"));
    expect(r).toBeGreaterThan(0.6);
    expect(g).toBeLessThan(0.1);
    expect(b).toBeGreaterThan(r);
    expect(onDark(rgba("#f36dff"))).toEqual(rgba("#f36dff"));
    expect(Math.min(...onDark(rgba("#000000")))).toBeGreaterThan(0.3);
  });

  test("a swatch shows what the map shows", () => {
    expect(swatch("#ff0000", false)).toBe("rgb(255 0 0)");
    expect(swatch("#b0b0b0", true)).not.toBe(swatch("#b0b0b0", false));
  });
});

test("numbers are written short", () => {
  expect(count(12345)).toBe("12,345");
  expect([percent(1, 8), percent(5, 1000), percent(1, 1e6), percent(0, 0), percent(2, 3)]).toEqual([
    "13 %",
    "0.5 %",
    "< 0.1 %",
    "0 %",
    "67 %",
  ]);
  expect([measure(-0.5), measure(1234.56), measure(1.5e9), measure(Number.NaN), measure(0)]).toEqual([
    "−0.5",
    "1,235",
    "1.5e+9",
    "–",
    "0",
  ]);
});
