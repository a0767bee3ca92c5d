import { afterEach, describe, expect, test, vi } from "vitest";
import { combined } from "../src/panes/map/choosing";
import type { Found } from "../src/source/source";
import { ask } from "../src/walk";
import { canvas, clickOn, close, drag, key, lonely, mouse, open, placeOf, tool, view } from "./driver";
import type { StaticOptions } from "./static_view";

afterEach(close);

const FOUND: Found = { rows: [11, 22, 33], distances: [0.1, 0.2, 0.3], metric: "cosine", note: "" };
const EXPLORER: StaticOptions = {
  traits: { panes: ["map", "neighbors"] },
  answers: { neighbors: async () => FOUND },
};

const SLOW = { timeout: 8000, interval: 100 };

type Corner = [number, number];

function corners(x0: number, y0: number, x1: number, y1: number): [Corner, Corner] {
  const { left, top, width, height } = canvas().getBoundingClientRect();
  return [
    [left + x0 * width, top + y0 * height],
    [left + x1 * width, top + y1 * height],
  ];
}

function rowsIn([[x0, y0], [x1, y1]]: [Corner, Corner]): number[] {
  return Array.from({ length: view.data.codes.length }, (_, row) => row).filter((row) => {
    const [x, y] = placeOf(row);
    return x > x0 && x < x1 && y > y0 && y < y1;
  });
}

/** Whether exactly some rows are selected; a row on a box's edge may be in it or not. */
function expectSelected(rows: number[], ...boxes: [Corner, Corner][]): void {
  const [is, wanted] = [new Set(selection()), new Set(rows)];
  const differ = [...is, ...wanted].filter((row) => {
    if (is.has(row) && wanted.has(row)) return false;
    const [x, y] = placeOf(row);
    const edges = boxes.flatMap(([[x0, y0], [x1, y1]]) => [x - x0, x - x1, y - y0, y - y1]);
    return edges.every((far) => Math.abs(far) > 3);
  });
  expect(differ).toEqual([]);
  expect(is.size).toBeGreaterThan(wanted.size * 0.9);
}

function selection(): number[] {
  return [...view.store.get("selection")];
}

function modes(): HTMLButtonElement[] {
  return [...view.el.querySelectorAll<HTMLButtonElement>(".es-mode")];
}

function modesShown(): boolean {
  return (view.el.querySelector(".es-modes") as HTMLElement).offsetHeight > 0;
}

describe("the box and the modes", () => {
  test("a box takes exactly what is in it; add and subtract change what is taken", async () => {
    await open();
    expect(modesShown()).toBe(false);
    key("b");
    expect(tool("Box").getAttribute("aria-pressed")).toBe("true");
    expect(modesShown()).toBe(true);
    const [left, wide, middle] = [
      corners(0.1, 0.1, 0.5, 0.9),
      corners(0.4, 0.1, 0.8, 0.9),
      corners(0.3, 0.3, 0.6, 0.6),
    ];
    await drag(...left);
    await vi.waitFor(() => expectSelected(rowsIn(left), left), SLOW);
    expect(selection().length).toBeGreaterThan(20);
    modes()[1]?.click();
    await drag(...wide);
    const both = [...new Set([...rowsIn(left), ...rowsIn(wide)])].sort((a, b) => a - b);
    await vi.waitFor(() => expectSelected(both, left, wide), SLOW);
    modes()[2]?.click();
    expect(modes().map((button) => button.getAttribute("aria-pressed"))).toEqual(["false", "false", "true"]);
    await drag(...middle);
    const out = new Set(rowsIn(middle));
    const rest = both.filter((row) => !out.has(row));
    await vi.waitFor(() => expectSelected(rest, left, wide, middle), SLOW);
    // What is not selected cannot be taken out, and nothing is lost by trying.
    const before = selection();
    await drag(...middle);
    expect(selection()).toEqual(before);
  });

  test("modifiers go before the mode, and without a tool the mode does not count", async () => {
    await open();
    view.store.set("selectMode", "subtract");
    const [left, right] = [corners(0.1, 0.1, 0.4, 0.9), corners(0.6, 0.1, 0.9, 0.9)];
    key("b");
    await drag(...left, { ctrlKey: true });
    await vi.waitFor(() => expectSelected(rowsIn(left), left), SLOW);
    await drag(...right, { metaKey: true });
    await vi.waitFor(() => expectSelected([...rowsIn(left), ...rowsIn(right)], left, right), SLOW);
    view.store.set("selectMode", "replace");
    await drag(...left, { altKey: true });
    await vi.waitFor(() => expectSelected(rowsIn(right), left, right), SLOW);
  });

  test("undo and redo, by button and by key, also of what Python selected", async () => {
    await open();
    expect([tool("Undo").disabled, tool("Redo").disabled]).toEqual([true, true]);
    view.store.set("selection", Uint32Array.of(1));
    view.model.set("selection_rows", { dtype: "uint32", shape: [2], data: Uint32Array.of(4, 5).buffer });
    tool("Undo").click();
    expect(selection()).toEqual([1]);
    key("Z", { ctrlKey: true, shiftKey: true });
    expect(selection()).toEqual([4, 5]);
    key("z", { metaKey: true });
    key("z", { ctrlKey: true });
    expect(selection()).toEqual([]);
    expect([tool("Undo").disabled, tool("Redo").disabled]).toEqual([true, false]);
    key("y", { ctrlKey: true });
    expect(view.model.get("selection_rows").shape).toEqual([1]);
  });

  test("rows are combined as sets are", () => {
    const of = (...rows: number[]): Uint32Array => Uint32Array.of(...rows);
    expect([...combined(of(1, 5, 9), of(2, 5), "subtract")]).toEqual([1, 9]);
    expect([...combined(of(1, 5), of(), "subtract")]).toEqual([1, 5]);
    expect(new Set(combined(of(1, 5), of(2, 5), "add"))).toEqual(new Set([1, 2, 5]));
    expect([...combined(of(1, 5), of(2), "replace")]).toEqual([2]);
  });
});

describe("clicks", () => {
  test("in a map alone a click selects, with ctrl it adds, with alt it takes out", async () => {
    await open();
    const [a = 0, b = 0] = lonely();
    await clickOn(a);
    expect(selection()).toEqual([a]);
    await clickOn(b, { ctrlKey: true });
    expect(selection()).toEqual([a, b]);
    await clickOn(a, { altKey: true });
    expect(selection()).toEqual([b]);
    expect(view.store.get("query")).toBeNull();
  });

  test("beside neighbours a click asks for them and leaves the selection as it is", async () => {
    await open(EXPLORER);
    const [a = 0, b = 0] = lonely();
    view.store.set("selection", Uint32Array.of(5));
    await clickOn(a);
    expect(view.store.get("query")).toEqual({ kind: "item", row: a });
    expect(selection()).toEqual([5]);
    await clickOn(b, { metaKey: true });
    expect(selection()).toEqual([5, b].sort((x, y) => x - y));
    await clickOn(b, { altKey: true });
    expect(selection()).toEqual([5]);
    expect(view.store.get("query")).toEqual({ kind: "item", row: a });
  });

  test("a drag that ends on a point is no click", async () => {
    await open(EXPLORER);
    const [a = 0] = lonely();
    const [x, y] = placeOf(a);
    await drag([x - 60, y], [x, y]);
    expect(view.store.get("query")).toBeNull();
  });

  test("faded points are neither pointed at nor clicked", async () => {
    await open();
    const [row = 0] = lonely().filter((one) => view.data.codes[one] !== 1);
    (view.el.querySelector('[data-code="1"]') as HTMLElement).click();
    await vi.waitFor(() => expect(view.el.querySelector(".es-isolating")).not.toBeNull());
    await clickOn(row);
    expect([view.store.get("hover"), ...selection()]).toEqual([-1]);
    (view.el.querySelector(".es-show-all") as HTMLElement).click();
    await vi.waitFor(async () => {
      await mouse("mousemove", placeOf(row));
      expect(view.store.get("hover")).toBe(row);
    });
  });
});

describe("keys", () => {
  test("escape lets go of one thing after another", async () => {
    await open(EXPLORER);
    key("l");
    view.store.set("words", "engine");
    view.store.set("hits", Uint32Array.of(1, 2));
    ask(view.store, { kind: "item", row: 3 });
    view.store.set("selection", Uint32Array.of(1));
    view.store.set("isolated", new Set([1]));
    const held = (): unknown[] => [
      tool("Lasso").getAttribute("aria-pressed") === "true",
      view.store.get("words") !== "" && view.store.get("hits").length > 0,
      view.store.get("query") !== null,
      view.store.get("selection").length > 0,
      view.store.get("isolated").size > 0,
    ];
    expect(held()).toEqual([true, true, true, true, true]);
    for (let gone = 1; gone <= 5; gone++) {
      key("Escape");
      expect(held()).toEqual([0, 1, 2, 3, 4].map((place) => place >= gone));
    }
  });

  test("with a query the arrows walk along its neighbours, enter asks and backspace walks back", async () => {
    await open(EXPLORER);
    ask(view.store, { kind: "item", row: 3 });
    await vi.waitFor(() => expect(view.store.get("found")).not.toBeNull());
    const hovered = ["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowRight"].map((name) => {
      key(name);
      return view.store.get("hover");
    });
    expect(hovered).toEqual([11, 22, 11, 11, 22]);
    key("Enter");
    expect(view.store.get("query")).toEqual({ kind: "item", row: 22 });
    key("Backspace");
    expect(view.store.get("query")).toEqual({ kind: "item", row: 3 });
  });

  test("keys that are not the map's go on: a slash, and backspace where there is no way back", async () => {
    await open(EXPLORER);
    const heard: string[] = [];
    view.el.addEventListener("keydown", (event) => heard.push(event.key));
    for (const name of ["/", "Backspace", "Enter", "b"]) key(name);
    expect(heard).toEqual(["/", "Backspace", "Enter"]);
  });

  test("the stage says what its keys do", async () => {
    await open(EXPLORER);
    const label = view.el.querySelector(".es-stage")?.getAttribute("aria-label");
    for (const words of ["B a box", "enter asks", "escape lets go", "Ctrl or cmd with Z"])
      expect(label).toContain(words);
  });
});
