import { describe, expect, test } from "vitest";
import { type Rgba, rgba } from "../src/colors";
import { cellAt, edgesOf, gridOf, movedBy, thinned } from "../src/panes/heatmap/geometry";
import { cellWords, largest, nameOf } from "../src/panes/heatmap/layers";
import { column, nats, short } from "../src/panes/heatmap/nats";
import { orderOf } from "../src/panes/heatmap/order";
import { pickedOf } from "../src/panes/heatmap/picked";
import { inkOn, Ramp } from "../src/panes/heatmap/ramp";
import { scaleOf, shareOf, ticksOf } from "../src/panes/heatmap/scale";
import { orderedValues } from "../src/panes/heatmap/shown";
import type { Color } from "../src/state";
import { heatmapOf } from "./heatmap_data";

type Bytes = [number, number, number];

const GROUNDS: [string, boolean, Rgba][] = [
  ["light", false, rgba("#ffffff")],
  ["dark", true, rgba("#14161b")],
];

function linear(byte: number): number {
  const channel = byte / 255;
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function luminance([r, g, b]: Bytes): number {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** What an eye without one kind of cone sees (Viénot, Brettel and Mollon 1999; in linear light). */
const BLIND = {
  protanopia: [
    [0.11238, 0.88762, 0],
    [0.11238, 0.88762, 0],
    [0.00401, -0.00401, 1],
  ],
  deuteranopia: [
    [0.29275, 0.70725, 0],
    [0.29275, 0.70725, 0],
    [-0.02234, 0.02234, 1],
  ],
};

function seenBy(kind: keyof typeof BLIND, colour: Bytes): number[] {
  const light = colour.map(linear);
  return BLIND[kind].map((weights) => weights.reduce((sum, w, i) => sum + w * (light[i] as number), 0));
}

describe.each(GROUNDS)("the ramp on a %s ground", (_, dark, ground) => {
  const ramp = new Ramp(ground, dark);

  test("begins at the ground itself and goes away from it on both sides, step by step", () => {
    expect(ramp.at(0)).toEqual(ground.slice(0, 3).map((channel) => Math.round(255 * channel)));
    const away = (share: number): number => Math.abs(luminance(ramp.at(share)) - luminance(ramp.at(0)));
    for (const side of [-1, 1])
      for (let share = 0.05; share <= 1; share += 0.05)
        expect(away(side * share)).toBeGreaterThan(away(side * (share - 0.05)));
  });

  test("its ends are blue and orange, and what lies beyond has the colour of its end", () => {
    const [under, over] = [ramp.at(-0.8), ramp.at(0.8)];
    expect(under[2]).toBeGreaterThan(under[0]);
    expect(over[0]).toBeGreaterThan(over[2]);
    expect(ramp.at(7)).toEqual(ramp.at(1));
    expect(ramp.at(-7)).toEqual(ramp.at(-1));
    expect(ramp.css(1)).toBe(`rgb(${ramp.at(1).join(" ")})`);
  });

  test.each(["protanopia", "deuteranopia"] as const)("%s leaves blue and yellow apart", (kind) => {
    for (const share of [0.4, 0.7, 1]) {
      const tint = ([r, , b]: number[]): number => (b as number) - (r as number);
      const [under, over] = [seenBy(kind, ramp.at(-share)), seenBy(kind, ramp.at(share))];
      expect(tint(under) - tint(over)).toBeGreaterThan(0.08);
    }
  });

  test("words on any of its colours have a contrast of at least 4.5", () => {
    for (let share = -1; share <= 1; share += 0.02) {
      const own = luminance(ramp.at(share));
      const ink = inkOn(ramp.at(share)) === "#ffffff" ? 1 : 0;
      const contrast = (Math.max(own, ink) + 0.05) / (Math.min(own, ink) + 0.05);
      expect(contrast).toBeGreaterThan(4.5);
    }
  });
});

describe("the scale", () => {
  test("one cell in fifty does not swallow the others", () => {
    const values = Float32Array.from({ length: 400 }, (_, i) => (i % 2 ? 0.1 : -0.05));
    values[7] = 90;
    const scale = scaleOf(values);
    expect(scale.limit).toBeCloseTo(0.1);
    expect(scale.beyond).toEqual({ under: false, over: true });
    expect(scale.negative).toBe(true);
  });

  test("is symmetric, by the square root, and ends where it ends", () => {
    const scale = { limit: 0.4, beyond: { under: false, over: false }, negative: true };
    expect([-9, -0.4, -0.1, 0, 0.1, 0.4, 9].map((value) => shareOf(value, scale))).toEqual([
      -1, -1, -0.5, 0, 0.5, 1, 1,
    ]);
    for (const { place, value } of ticksOf(scale)) expect(shareOf(value, scale)).toBeCloseTo(place);
  });

  test("few cells are all within it, and nothing but zeros or nothing at all is no fault", () => {
    expect(scaleOf(Float32Array.of(0.1, -0.7, 0.2, Number.NaN)).limit).toBeCloseTo(0.7);
    for (const values of [new Float32Array(9), new Float32Array(4).fill(Number.NaN), new Float32Array(0)]) {
      const scale = scaleOf(values);
      expect(scale.limit).toBe(0);
      expect(shareOf(0, scale)).toBe(0);
      expect(ticksOf(scale)).toEqual([{ place: 0, value: 0 }]);
    }
  });
});

describe("the order", () => {
  const heatmap = {
    ...heatmapOf("label", "", "contribution", ["b10", "a", "b2"]),
    means: [1, Number.NaN, 3],
  };

  test("by similarity as it came, by mean with the empty last, by name with numbers as numbers", () => {
    expect(orderOf({ ...heatmap, order: [2, 0, 1] }, "similarity")).toEqual([2, 0, 1]);
    expect(orderOf(heatmap, "mean")).toEqual([2, 0, 1]);
    expect(orderOf(heatmap, "name")).toEqual([1, 2, 0]);
  });

  test.each([[[]], [[0, 0, 1]], [[0, 1, 3]]])("%j is no order: the groups stay as they came", (order) => {
    expect(orderOf({ ...heatmap, order }, "similarity")).toEqual([0, 1, 2]);
  });

  test("values go where their groups go, and rows without anchors are empty", () => {
    const two = { ...heatmapOf("label", "", "between", ["a", "b"]), anchors: [3, 0] };
    two.layers.between = Float32Array.of(1, 2, 3, 4);
    const shown = { heatmap: two, layer: "between", order: [1, 0] } as const;
    expect([...orderedValues({ ...shown, order: [1, 0] })]).toEqual([Number.NaN, Number.NaN, 2, 1]);
    two.anchors = [3, 2];
    expect([...orderedValues({ ...shown, order: [1, 0] })]).toEqual([4, 3, 2, 1]);
  });
});

describe("the geometry", () => {
  const room = { width: 440, height: 300, top: 18, left: 100, right: 80, bottom: 80 };

  test.each([1, 2, 20, 200])("%i groups fit their room, and a place finds its cell", (n) => {
    const grid = gridOf(n, room);
    expect(grid.left + n * grid.cellWidth).toBeLessThanOrEqual(360 + 1e-9);
    expect(grid.top + n * grid.cellHeight).toBeLessThanOrEqual(220 + 1e-9);
    const [down, across] = [n - 1, Math.floor(n / 2)];
    const x = grid.left + (across + 0.5) * grid.cellWidth;
    const y = grid.top + (down + 0.5) * grid.cellHeight;
    expect(cellAt(grid, x, y)).toEqual([down, across]);
    expect(cellAt(grid, grid.left - 1, y)).toBeNull();
    expect(cellAt(grid, x, grid.top + n * grid.cellHeight + 1)).toBeNull();
  });

  test("cells are neither vast nor strips, and a room of nothing still has cells", () => {
    expect(gridOf(2, { ...room, width: 4000 }).cellWidth).toBeLessThanOrEqual(116);
    const wide = gridOf(20, { ...room, width: 4000 });
    expect(wide.cellWidth / wide.cellHeight).toBeLessThanOrEqual(1.6);
    expect(gridOf(20, { ...room, width: 0, height: 0 }).cellWidth).toBeGreaterThan(0);
  });

  test("edges are whole device pixels without a gap between cells", () => {
    const edges = edgesOf(10, 1.37, 200, 2);
    expect(edges).toHaveLength(201);
    expect(edges.every(Number.isInteger)).toBe(true);
    const sizes = edges.slice(1).map((edge, i) => edge - (edges[i] as number));
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  test("labels are thinned evenly where they do not fit", () => {
    expect(thinned(4, 20, 13)).toEqual([0, 1, 2, 3]);
    expect(thinned(10, 4, 13)).toEqual([0, 4, 8]);
    expect(thinned(0, 4, 13)).toEqual([]);
  });

  test("keys move the cursor and stop at the edges", () => {
    const moves = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageDown", "PageUp", "Home", "End"];
    expect(moves.map((key) => movedBy(key, [0, 2], 5))).toEqual([
      ...[[0, 2] as const, [1, 2] as const, [0, 1] as const, [0, 3] as const],
      ...[[4, 2] as const, [0, 2] as const, [0, 0] as const, [0, 4] as const],
    ]);
    expect(movedBy("x", [0, 2], 5)).toBeNull();
  });
});

describe("the words", () => {
  const heatmap = heatmapOf("label", "", "contribution", ["a", "", "c"]);
  heatmap.layers.contribution = Float32Array.of(3, 1, -1, 0, 0, 0, Number.NaN, 1, 1);
  heatmap.layers["per mass"] = Float32Array.of(3, 1, -1, 0, 0, 0, 1, 1, 1);
  heatmap.anchors = [1, 1200, 0];

  test("a cell has its value, its share of the row where rows add up, and its anchors", () => {
    expect(cellWords(heatmap, "contribution", 0, 0)).toBe("3.00 nats · 100 % of the row · 1 anchor");
    expect(cellWords(heatmap, "contribution", 0, 2)).toBe("−1.00 nats · −33 % of the row · 1 anchor");
    expect(cellWords(heatmap, "contribution", 1, 1)).toBe("0 nats · 1,200 anchors");
    expect(cellWords(heatmap, "per mass", 0, 0)).toBe("3.00 nats per unit of mass · 1 anchor");
    expect(cellWords(heatmap, "contribution", 2, 0)).toBe("no anchors in this group");
    expect(cellWords({ ...heatmap, anchors: [1, 1, 1] }, "contribution", 2, 0)).toBe(
      "nothing there · 1 anchor",
    );
    expect(cellWords(heatmap, "js", 0, 0)).toBe("nothing there · 1 anchor");
  });

  test("a group without a name has one, and the largest cells come by size", () => {
    expect(nameOf(heatmap, 1)).toBe("(empty)");
    expect(nameOf({ ...heatmap, names: ["x".repeat(99)] }, 0)).toHaveLength(61);
    expect(largest(heatmap, "contribution", 2)).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(largest(heatmap, "js", 2)).toEqual([]);
  });

  test.each([
    [0.14, "0.140", "0.140", "0.14"],
    [-0.00254, "−0.00254", "−0.003", "−0.0025"],
    [0.000451, "0.00045", "0.000", "0.00045"],
    [-0.0001, "−0.0001", "0.000", "−0.0001"],
    [3e-9, "3.0e−9", "0.000", "3e−9"],
    [0, "0", "0.000", "0"],
    [123.456, "123", "123", "120"],
    [Number.NaN, "–", "–", "NaN"],
  ])("%s reads %s, in a column %s, in the least room %s", (value, three, decimals, two) => {
    expect([nats(value), column(value), short(value)]).toEqual([three, decimals, two]);
  });
});

describe("the selection", () => {
  const color: Color = {
    kind: "category",
    column: "label",
    title: "Label",
    codes: Uint16Array.of(0, 1, 1, 2, 2),
    names: ["c", "a", "not among them"],
    colors: [],
    counts: [],
  };

  test("is counted by name where the colours are those of the groups", () => {
    expect(pickedOf(color, "label", ["a", "b", "c"], Uint32Array.of(0, 1, 2, 3, 99))).toEqual([2, 0, 1]);
    expect(pickedOf(color, "cluster", ["a"], Uint32Array.of(0))).toBeNull();
    expect(pickedOf(color, "label", ["a"], new Uint32Array(0))).toBeNull();
    expect(
      pickedOf({ kind: "none", column: "label", title: "" }, "label", ["a"], Uint32Array.of(0)),
    ).toBeNull();
  });
});
