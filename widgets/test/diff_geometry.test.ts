import { describe, expect, test } from "vitest";
import { keyed } from "../src/panes/diff/column_keys";
import { joinsOf } from "../src/panes/diff/joins";
import { columnsOf } from "../src/panes/diff/places";
import { nearestTo, readingOf, shareOf, stepped, stopsOf } from "../src/panes/diff/scale";

describe("the scale of dims", () => {
  test.each([
    [384, [8, 16, 32, 64, 128, 256, 384]],
    [256, [8, 16, 32, 64, 128, 256]],
    [9, [8, 9]],
    [8, [1, 2, 4, 8]],
    [3, [1, 2, 3]],
    [1, [1]],
  ])("a slider of %i dims rests at %j", (full, stops) => {
    expect(stopsOf(full)).toEqual(stops);
    for (const stop of stops) expect(nearestTo(shareOf(stop, full), stops, full)).toBe(stop);
  });

  test("shares are logarithmic, from 0 to 1, and never leave the scale", () => {
    expect([8, 16, 32, 64].map((dims) => shareOf(dims, 64))).toEqual([0, 1 / 3, 2 / 3, 1]);
    expect(shareOf(1, 64)).toBe(0);
    expect(shareOf(1, 1)).toBe(1);
    expect(shareOf(900, 64)).toBe(1);
  });

  test("keys never leave 1 to all", () => {
    expect(stepped("ArrowLeft", 1, 64)).toBe(1);
    expect(stepped("PageDown", 8, 64)).toBe(1);
    expect(stepped("PageUp", 64, 64)).toBe(64);
    expect(stepped("a", 8, 64)).toBeUndefined();
  });

  test("a reading names what was measured, and never more", () => {
    const curve = { dims: [8, 64], recall: [0.5, 1], k: 10, sampling: "exact" };
    expect([64, 8, 9, 7].map((dims) => readingOf(curve, dims))).toEqual([
      "recall@10 1.00 at all 64 dims",
      "recall@10 0.50 at 8 dims",
      "recall@10 0.50 at 8, 1.00 at 64 dims",
      "recall@10 was measured from 8 dims on",
    ]);
  });
});

describe("keys between two columns", () => {
  const rows: [number[], number[]] = [
    [1, 2, 3],
    [3, 9],
  ];

  test.each([
    ["ArrowRight", [0, 2], [1, 0]],
    ["ArrowRight", [0, 1], [1, 1]],
    ["ArrowRight", [1, 1], [1, 1]],
    ["ArrowLeft", [1, 0], [0, 2]],
    ["ArrowLeft", [0, 0], [0, 0]],
    ["End", [1, 0], [1, 1]],
    ["ArrowUp", [0, 0], [0, 0]],
  ] as [string, [number, number], [number, number]][])("%s from %j leads to %j", (key, at, to) => {
    expect(keyed(key, at, rows)).toEqual(to);
  });

  test("an empty column is not entered, and other keys lead nowhere", () => {
    expect(keyed("ArrowRight", [0, 0], [[1], []])).toEqual([0, 0]);
    expect(keyed("x", [0, 0], rows)).toBeUndefined();
  });
});

test("lines join twins, and what has none has a stub on its side", () => {
  const spot = (row: number, y: number) => ({ row, change: "kept" as const, y });
  const joins = joinsOf([spot(1, 10), spot(2, 20)], [spot(1, 30), spot(3, 40)], 20);
  expect(joins.map(({ row, path }) => [row, path])).toEqual([
    [1, "M0 10C10 10 10 30 20 30"],
    [2, "M0 20H6"],
    [3, "M20 40H14"],
  ]);
});

test("ranks and distances that are not known leave words and gaps, and no NaN in the bars", () => {
  const [teacher, student] = columnsOf({
    k: 2,
    rows: [5, 6, 7],
    changes: ["re-ranked", "lost", "gained"],
    teacherRanks: [1, 2, null],
    studentRanks: [2, null, 1],
    teacherDistances: [null, 0.5, null],
    studentDistances: [null, null, null],
    recall: 0.5,
    note: "",
  });
  expect(teacher.map(({ row, there, farthest }) => [row, there, farthest])).toEqual([
    [5, "rank 2 there", 0.5],
    [6, "past 2 there", 0.5],
  ]);
  expect(student.map(({ row, there, farthest }) => [row, there, farthest])).toEqual([
    [7, "past 2 there", 0],
    [5, "rank 1 there", 0],
  ]);
});
