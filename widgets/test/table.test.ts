import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Payload } from "../src/source/source";
import { StaticSource } from "../src/source/static";
import { answersOf, close, openExplorer, PANES, soon, view } from "./explorer";
import type { StaticView } from "./static_view";
import { payload } from "./synthetic";

afterEach(close);

let picture: Blob;

beforeAll(async () => {
  const context = new OffscreenCanvas(16, 16).getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.fillRect(2, 2, 12, 12);
  picture = await context.canvas.convertToBlob();
});

const N = 2000;
const asked: number[] = [];

class Counted extends StaticSource {
  override async payload(rows: readonly number[], signal?: AbortSignal): Promise<Payload[]> {
    asked.push(...rows);
    return super.payload(rows, signal);
  }
}

/** A table of images without a map, so that nobody else asks for pictures; every seventh has none. */
function openImages(): StaticView {
  asked.length = 0;
  const item = (row: number): Payload => ({ ...payload(row), thumbnail: row % 7 === 6 ? null : picture });
  const universe = { n: N, modality: "image" as const, title: "Emoji", facts: "" };
  return openExplorer({
    traits: { panes: ["table"], universe },
    source: new Counted(answersOf(N, item)),
  });
}

function select(count: number): void {
  view.store.set(
    "selection",
    Uint32Array.from({ length: count }, (_, i) => i),
  );
}

function rows(): HTMLElement[] {
  return [...view.el.querySelectorAll<HTMLElement>(".es-row")];
}

function pictures(): HTMLImageElement[] {
  return [...view.el.querySelectorAll<HTMLImageElement>(".es-row-picture img")];
}

describe("the pictures of the rows", () => {
  test("begin each row, are asked for only in sight, and the row's height is there before they are", async () => {
    openImages();
    select(50);
    await soon(() => expect(rows()).toHaveLength(50));
    const heights = new Set(rows().map(({ offsetHeight }) => offsetHeight));
    expect(heights.size).toBe(1);
    await soon(() => expect(pictures().length).toBeGreaterThan(3));
    const seen = asked.length;
    expect(seen).toBeLessThan(30);
    expect(new Set(asked).size).toBe(seen);
    expect(new Set(rows().map(({ offsetHeight }) => offsetHeight))).toEqual(heights);
    const [first] = rows();
    expect(first?.firstElementChild?.firstElementChild?.className).toBe("es-row-picture");
    expect(first?.children[2]?.textContent).toContain("mission 0");
    const { width, height } = (pictures()[0]?.parentElement as HTMLElement).getBoundingClientRect();
    expect([width, height]).toEqual([24, 24]);
    const list = view.el.querySelector(".es-rows") as HTMLElement;
    list.scrollTop = 900;
    await soon(() => expect(asked.length).toBeGreaterThan(seen));
    expect(new Set(asked).size).toBe(asked.length);
  });

  test("stay when the marked words change, and an item without one has an empty frame", async () => {
    openImages();
    select(7);
    await soon(() => expect(pictures()).toHaveLength(6));
    const before = pictures();
    const count = asked.length;
    view.store.set("words", "launch");
    await soon(() => expect(view.el.querySelector(".es-row mark")).not.toBeNull());
    expect(pictures()).toEqual(before);
    expect(asked).toHaveLength(count);
    expect(rows()[6]?.querySelector(".es-row-picture")?.childElementCount).toBe(0);
  });

  test("their URLs are given back with the rows, and when the view closes", async () => {
    openImages();
    select(5);
    await soon(() => expect(pictures()).toHaveLength(5));
    const first = pictures()[0]?.src as string;
    expect((await fetch(first)).ok).toBe(true);
    select(3);
    await soon(() => expect(rows()).toHaveLength(3));
    await soon(() => expect(pictures()).toHaveLength(3));
    await expect(fetch(first)).rejects.toThrow();
    const second = pictures()[0]?.src as string;
    expect((await fetch(second)).ok).toBe(true);
    view.close();
    await expect(fetch(second)).rejects.toThrow();
  });

  test("texts have none", async () => {
    openExplorer({ traits: { panes: ["table"] } });
    select(5);
    await soon(() => expect(rows()).toHaveLength(5));
    expect(view.el.querySelector(".es-row-picture")).toBeNull();
  });
});

test.each([
  [1240, 372],
  [1400, 380],
  [800, 260],
])("in an explorer of %d px the composition takes %d px", async (width, wanted) => {
  const el = document.body.appendChild(document.createElement("div"));
  el.style.width = `${width}px`;
  openExplorer({ el, traits: { panes: PANES } });
  select(40);
  await soon(() => expect(rows()).toHaveLength(40));
  const { width: own } = (view.el.querySelector(".es-composition") as HTMLElement).getBoundingClientRect();
  expect(Math.abs(own - wanted)).toBeLessThan(3);
});
