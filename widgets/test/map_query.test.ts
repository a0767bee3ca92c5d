import { afterEach, describe, expect, test, vi } from "vitest";
import type { Found } from "../src/source/source";
import { ask } from "../src/walk";
import { canvas, close, key, loseContexts, mouse, open, placeOf, view } from "./driver";
import type { StaticOptions } from "./static_view";

afterEach(close);

const FOUND: Found = { rows: [11, 22, 33], distances: [0.1, 0.2, 0.3], metric: "cosine", note: "" };
const EXPLORER: StaticOptions = {
  traits: { panes: ["map", "neighbors"] },
  answers: { neighbors: async () => FOUND },
};

function all(selector: string): SVGElement[] {
  return [...view.el.querySelectorAll<SVGElement>(`.es-lines ${selector}`)];
}

function middleOf(ring: Element): [number, number] {
  const { left, top, width, height } = ring.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}

function expectOn(ring: Element | undefined, row: number): void {
  const [x, y] = middleOf(ring as Element);
  const [wantX, wantY] = placeOf(row);
  expect(Math.hypot(x - wantX, y - wantY), `row ${row}`).toBeLessThan(1.5);
}

describe("the neighbours on the map", () => {
  test("of an item: a line to each ring, weaker by rank, and a stronger ring on the item", async () => {
    await open(EXPLORER);
    ask(view.store, { kind: "item", row: 3 });
    await vi.waitFor(() => expect(all(".es-near")).toHaveLength(3));
    for (const [i, row] of FOUND.rows.entries()) expectOn(all(".es-near")[i], row);
    expectOn(all(".es-asked")[0], 3);
    const strengths = all("line").map((line) => Number(line.getAttribute("stroke-opacity")));
    expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
    expect(new Set(strengths).size).toBe(3);
    expect(all("text")).toHaveLength(0);
  });

  test("of words: numbered rings and no line; of nothing: nothing", async () => {
    await open(EXPLORER);
    ask(view.store, { kind: "text", text: "a launch" });
    await vi.waitFor(() => expect(all("text").map((node) => node.textContent)).toEqual(["1", "2", "3"]));
    expect([all("line").length, all(".es-asked").length]).toEqual([0, 0]);
    ask(view.store, null);
    expect(all("*")).toHaveLength(0);
  });

  test("they follow the camera, and a lost context comes back with them at the same zoom", async () => {
    await open(EXPLORER);
    ask(view.store, { kind: "item", row: 3 });
    await vi.waitFor(() => expect(all(".es-near")).toHaveLength(3));
    const home = all(".es-near").map(middleOf);
    for (let i = 0; i < 3; i++) key("+");
    await vi.waitFor(() => expect(all(".es-near").map(middleOf)).not.toEqual(home));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const near = all(".es-near").map(middleOf);
    const lost = canvas();
    loseContexts();
    await vi.waitFor(() => expect(canvas()).not.toBe(lost), { timeout: 8000 });
    await vi.waitFor(() => expect(view.el.querySelector(".es-notice.es-shown")).toBeNull(), {
      timeout: 8000,
    });
    for (const [i, [x, y]] of all(".es-near").map(middleOf).entries()) {
      expect(Math.hypot(x - (near[i]?.[0] ?? 0), y - (near[i]?.[1] ?? 0))).toBeLessThan(1);
    }
    expect(view.store.get("query")).toEqual({ kind: "item", row: 3 });
  });

  test("what another pane points at has a ring here and no second card", async () => {
    await open(EXPLORER);
    view.store.set("hover", 22);
    const ring = view.el.querySelector(".es-ring") as HTMLElement;
    expect(ring.hidden).toBe(false);
    await vi.waitFor(() => expectOn(ring, 22));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect((view.el.querySelector(".es-card") as HTMLElement).hidden).toBe(true);
    await mouse("mousemove", placeOf(40));
    await vi.waitFor(() => expect((view.el.querySelector(".es-card") as HTMLElement).hidden).toBe(false));
  });
});
