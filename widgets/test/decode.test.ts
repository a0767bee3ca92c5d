import { expect, test } from "vitest";
import { decodeColor } from "../src/bind";
import { decode, encodeRows } from "../src/decode";

test("an aligned buffer is viewed, not copied", () => {
  const bytes = new ArrayBuffer(24);
  const array = decode(
    { dtype: "float32", shape: [2, 2], data: new DataView(bytes, 4, 16) },
    "coords",
    "float32",
  );
  array[0] = 2.5;
  expect(array).toHaveLength(4);
  expect(new DataView(bytes).getFloat32(4, true)).toBe(2.5);
});

test("a buffer at an odd offset is copied and reads the same", () => {
  const bytes = new ArrayBuffer(9);
  const view = new DataView(bytes, 1, 8);
  view.setUint32(0, 7, true);
  view.setUint32(4, 4_000_000_000, true);
  expect([...decode({ dtype: "uint32", shape: [2], data: view }, "rows", "uint32")]).toEqual([
    7, 4_000_000_000,
  ]);
});

test("a plain ArrayBuffer and a typed array serve as well as a DataView", () => {
  const rows = Uint16Array.of(1, 2, 3);
  expect([...decode({ dtype: "uint16", shape: [3], data: rows.buffer }, "codes", "uint16")]).toEqual([
    1, 2, 3,
  ]);
  expect([...decode({ dtype: "uint16", shape: [2], data: rows.subarray(1) }, "codes", "uint16")]).toEqual([
    2, 3,
  ]);
});

test("an error names the array, what was wanted and what came", () => {
  const wire = { dtype: "uint8" as const, shape: [3], data: new ArrayBuffer(3) };
  expect(() => decode(wire, "coords", "float32")).toThrow("coords: expected float32, got uint8");
  expect(() => decode({ ...wire, shape: [4] }, "codes", "uint8")).toThrow(
    "codes: shape [4] of uint8 needs 4 bytes, got 3",
  );
});

test("encoded rows are a copy and come back the same", () => {
  const rows = Uint32Array.of(3, 5, 8);
  const wire = encodeRows(rows);
  rows[0] = 99;
  expect([...decode(wire, "rows", "uint32")]).toEqual([3, 5, 8]);
});

test("a colour without its array is no colour", () => {
  expect(decodeColor({ kind: "category", column: "a", title: "A", codes: null })).toEqual({
    kind: "none",
    column: "a",
    title: "A",
  });
});
