import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { arrange, type Sitter } from "../src/panes/map/arrange";
import { hang, lot, type Spot } from "../src/panes/map/spots";
import type { Found, Payload } from "../src/source/source";
import { StaticSource } from "../src/source/static";
import { ask } from "../src/walk";
import { clickOn, close, key, lonely, open, placeOf, tool, view } from "./driver";
import type { StaticOptions } from "./static_view";
import { generator, payload } from "./synthetic";

afterEach(close);

let picture: Blob;

beforeAll(async () => {
  const canvas = new OffscreenCanvas(16, 16);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.fillRect(2, 2, 12, 12);
  picture = await canvas.convertToBlob();
});

const requests: { rows: number[]; aborted: () => boolean }[] = [];

class Counted extends StaticSource {
  override async payload(rows: readonly number[], signal?: AbortSignal): Promise<Payload[]> {
    requests.push({ rows: [...rows], aborted: () => signal?.aborted ?? false });
    await new Promise((resolve) => setTimeout(resolve, 40));
    return super.payload(rows, signal);
  }
}

function images(): StaticOptions {
  requests.length = 0;
  return {
    traits: { universe: { n: 2000, modality: "image", title: "Emoji", facts: "" } },
    source: new Counted({ item: (row) => ({ ...payload(row), thumbnail: picture }) }),
  };
}

function hung(): HTMLImageElement[] {
  return [...view.el.querySelectorAll<HTMLImageElement>(".es-thumb")];
}

function settled(): Promise<void> {
  return settledAt(20);
}

/** Wait until more than so many pictures hang and nothing more happens. */
async function settledAt(least: number): Promise<void> {
  await vi.waitFor(() => expect(hung().length).toBeGreaterThan(least), { timeout: 8000 });
  let before = -1;
  await vi.waitFor(
    async () => {
      const now = hung().length + requests.length * 1000;
      const same = now === before;
      before = now;
      await new Promise((resolve) => setTimeout(resolve, 250));
      expect(same).toBe(true);
    },
    { timeout: 8000 },
  );
}

describe("pictures on the map", () => {
  test("hang over their points, none over another, in batches of at most 64", async () => {
    await open(images());
    await settled();
    const boxes = hung().map((image) => image.getBoundingClientRect());
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
      }
    }
    expect(Math.max(...requests.map(({ rows }) => rows.length))).toBeLessThanOrEqual(64);
    const rows = requests.flatMap(({ rows }) => rows);
    expect(new Set(rows).size).toBe(rows.length);
    const places = rows.map(placeOf);
    for (const { left, top, width, height } of boxes) {
      const [x, y] = [left + width / 2, top + height / 2];
      expect(places.some(([px, py]) => Math.hypot(px - x, py - y) < 2)).toBe(true);
    }
  });

  test("go along with the camera, and those in sight stay hanging", async () => {
    await open(images());
    await settled();
    const before = new Set(hung().map(({ src }) => src));
    const first = hung()[0]?.style.transform;
    const asked = requests.length;
    key("ArrowRight");
    await vi.waitFor(() => expect(hung()[0]?.style.transform).not.toBe(first));
    expect(requests).toHaveLength(asked);
    await settled();
    const stage = view.el.querySelector(".es-stage") as HTMLElement;
    const kept = hung().filter(({ src }) => before.has(src)).length;
    expect(kept).toBeGreaterThan(before.size * 0.5);
    expect(stage.querySelectorAll(".es-thumb").length).toBe(hung().length);
  });

  test("a camera that moves cancels what was asked for", async () => {
    await open(images());
    await vi.waitFor(() => expect(requests.length).toBeGreaterThan(0), { timeout: 8000, interval: 5 });
    key("+");
    await vi.waitFor(() => expect(requests[0]?.aborted()).toBe(true));
    await settled();
    expect(requests.at(-1)?.aborted()).toBe(false);
  });

  test("the button and I hide and show them; texts have neither", async () => {
    await open(images());
    await settled();
    expect(tool("Pictures").getAttribute("aria-pressed")).toBe("true");
    key("i");
    expect([hung().length, tool("Pictures").getAttribute("aria-pressed")]).toEqual([0, "false"]);
    tool("Pictures").click();
    await settled();
    close();
    await open();
    expect(tool("Pictures").hidden).toBe(true);
    key("i");
    expect(hung()).toHaveLength(0);
  });

  test("clicks go through them to the points, and closing gives every URL back", async () => {
    await open(images());
    await settled();
    const url = hung()[0]?.src as string;
    const [row = 0] = lonely();
    await clickOn(row);
    expect([...view.store.get("selection")]).toEqual([row]);
    expect((await fetch(url)).ok).toBe(true);
    view.close();
    await expect(fetch(url)).rejects.toThrow();
  });

  test("a kernel that cannot answer is heard of", async () => {
    await open({ ...images(), source: new StaticSource({ item: () => undefined }) });
    await vi.waitFor(() => expect(view.store.get("problem")).toContain("is not in this page"), {
      timeout: 8000,
    });
  });
});

const NEAR = [11, 22, 33, 44, 55];
const FOUND: Found = { rows: NEAR, distances: NEAR.map((row) => row / 100), metric: "cosine", note: "" };

/** An explorer of images whose thumbnails carry their rows behind the picture's own bytes. */
function explorer(
  found: () => Promise<Found> = async () => FOUND,
  panes = ["map", "neighbors"],
): StaticOptions {
  requests.length = 0;
  const universe = { n: 2000, modality: "image" as const, title: "Emoji", facts: "" };
  const item = (row: number): Payload => ({
    ...payload(row),
    thumbnail: new Blob([picture, String(row)], { type: "image/png" }),
  });
  return {
    traits: { universe, panes },
    source: new Counted({ item, neighbors: found }),
  };
}

async function rowOf({ src }: HTMLImageElement): Promise<number> {
  const bytes = await (await fetch(src)).blob();
  return Number(await bytes.slice(picture.size).text());
}

async function hungRows(): Promise<number[]> {
  const rows = await Promise.all(hung().map(rowOf));
  return rows.sort((a, b) => a - b);
}

function apart(boxes: DOMRect[]): boolean {
  return boxes.every((a, i) =>
    boxes
      .slice(i + 1)
      .every((b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top),
  );
}

function asked(): HTMLImageElement | null {
  return view.el.querySelector<HTMLImageElement>(".es-thumb-asked");
}

describe("pictures of what is asked for and chosen", () => {
  test("an item and its neighbours only, the item's larger, ringed, in front and on its point", async () => {
    await open(explorer());
    await settled();
    ask(view.store, { kind: "item", row: 3 });
    const wanted = [3, ...NEAR];
    await vi.waitFor(async () => expect(await hungRows()).toEqual(wanted), { timeout: 8000 });
    const boxes = hung().map((image) => image.getBoundingClientRect());
    expect(apart(boxes)).toBe(true);
    const own = asked() as HTMLImageElement;
    expect(await rowOf(own)).toBe(3);
    const { left, top, width, height } = own.getBoundingClientRect();
    const [x, y] = placeOf(3);
    expect(Math.hypot(left + width / 2 - x, top + height / 2 - y)).toBeLessThan(1.5);
    const others = boxes.map((box) => box.width).sort((a, b) => a - b);
    expect(others.filter((one) => one === width)).toHaveLength(1);
    expect(others.at(-1)).toBe(width);
    expect(getComputedStyle(own).boxShadow).not.toBe(getComputedStyle(hung()[0] as Element).boxShadow);
    // The lines and rings lie under the pictures.
    const lines = view.el.querySelector(".es-lines") as Element;
    const under = lines.compareDocumentPosition(own) & Node.DOCUMENT_POSITION_FOLLOWING;
    expect(under).not.toBe(0);
    // Names make way.
    const names = [...view.el.querySelectorAll(".es-name.es-shown")].map((name) =>
      name.getBoundingClientRect(),
    );
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) for (const box of boxes) expect(apart([name, box])).toBe(true);
    ask(view.store, null);
    await settled();
    expect(asked()).toBeNull();
  });

  test("a picture beside its point is led to, and its ring stays in sight", async () => {
    const near = async (): Promise<Found> => ({ ...FOUND, rows: closest(3, 6) });
    await open(explorer(near));
    ask(view.store, { kind: "item", row: 3 });
    await vi.waitFor(() => expect(hung().length).toBeGreaterThan(3), { timeout: 8000 });
    const leaders = [...view.el.querySelectorAll(".es-leader")].map((node) => node.getAttribute("d"));
    const beside = leaders.filter((d) => d);
    expect(beside.length).toBeGreaterThan(0);
    expect(apart(hung().map((image) => image.getBoundingClientRect()))).toBe(true);
  });

  test("of words the found items only, their ranks over the pictures", async () => {
    await open(explorer());
    await settled();
    ask(view.store, { kind: "text", text: "a launch" });
    await vi.waitFor(async () => expect(await hungRows()).toEqual(NEAR), { timeout: 8000 });
    expect(asked()).toBeNull();
    const rank = view.el.querySelector(".es-lines text") as Element;
    const image = hung()[0] as HTMLImageElement;
    expect(image.compareDocumentPosition(rank) & Node.DOCUMENT_POSITION_FOLLOWING).not.toBe(0);
  });

  test("a query that fails leaves the pictures as they were", async () => {
    const failing = async (): Promise<Found> => {
      throw new Error("There is no encoder.");
    };
    await open(explorer(failing));
    await settled();
    const before = await hungRows();
    ask(view.store, { kind: "text", text: "a launch" });
    await vi.waitFor(() => expect(view.store.get("findProblem")).not.toBe(""));
    await settled();
    expect(await hungRows()).toEqual(before);
  });

  test("of a selection only, until it is let go", async () => {
    await open(explorer(undefined, ["map"]));
    await settled();
    const chosen = Uint32Array.from({ length: 400 }, (_, i) => i * 5);
    view.store.set("selection", chosen);
    await vi.waitFor(
      async () => {
        const rows = await hungRows();
        expect(rows.length).toBeGreaterThan(8);
        expect(rows.filter((row) => !chosen.includes(row))).toEqual([]);
      },
      { timeout: 8000 },
    );
    ask(view.store, { kind: "item", row: 3 });
    await vi.waitFor(async () => expect(await hungRows()).toEqual([3, ...NEAR]), { timeout: 8000 });
    ask(view.store, null);
    view.store.set("selection", new Uint32Array(0));
    await vi.waitFor(() => expect(hung().length).toBeGreaterThan(40), { timeout: 8000 });
    expect((await hungRows()).some((row) => !chosen.includes(row))).toBe(true);
  });

  test("of hits only, and of isolated categories only", async () => {
    await open(explorer(undefined, ["map"]));
    await settled();
    const hits = Uint32Array.from({ length: 60 }, (_, i) => i * 30);
    view.store.set("words", "engine");
    view.store.set("hits", hits);
    await vi.waitFor(() => expect(hung().length).toBeLessThanOrEqual(60), { timeout: 8000 });
    await settledAt(8);
    expect((await hungRows()).filter((row) => !hits.includes(row))).toEqual([]);
    view.store.set("words", "");
    view.store.set("hits", new Uint32Array(0));
    await settled();
    view.store.set("isolated", new Set([1, 3]));
    await vi.waitFor(
      async () => {
        const codes = (await hungRows()).map((row) => view.data.codes[row]);
        expect(codes.length).toBeGreaterThan(3);
        expect(new Set(codes)).toEqual(new Set([1, 3]));
      },
      { timeout: 8000 },
    );
  });
});

/** The rows whose points lie nearest to a row's. */
function closest(row: number, count: number): number[] {
  const [x, y] = placeOf(row);
  const far = (other: number): number => Math.hypot(placeOf(other)[0] - x, placeOf(other)[1] - y);
  return [...view.data.codes.keys()]
    .filter((other) => other !== row)
    .sort((a, b) => far(a) - far(b))
    .slice(0, count);
}

describe("arranging", () => {
  const room = { width: 600, height: 400, reserved: [{ left: 0, top: 0, right: 100, bottom: 400 }] };

  test("those around the first stand around it; none over another, a bar, the edge, or another's point", () => {
    const random = generator(5);
    const sitters: Sitter[] = [{ row: 0, x: 300, y: 200, side: 36 }];
    for (let row = 1; row <= 24; row++) {
      const spread = row <= 8 ? 30 : 700;
      const [x, y] = [300 + (random() - 0.5) * spread, 200 + (random() - 0.5) * spread];
      sitters.push({ row, x, y, side: 28 });
    }
    const places = arrange(sitters, true, room);
    expect(places[0]).toEqual({ row: 0, dx: 0, dy: 0, side: 36 });
    expect(places.length).toBeGreaterThan(12);
    const boxes = places.map(({ row, dx, dy, side }) => {
      const { x, y } = sitters[row] as Sitter;
      return new DOMRect(x + dx - side / 2, y + dy - side / 2, side, side);
    });
    expect(apart(boxes)).toBe(true);
    for (const [i, box] of boxes.entries()) {
      expect(box.left >= 100 && box.top >= 0 && box.right <= 600 && box.bottom <= 400).toBe(true);
      const hidden = sitters.filter(
        ({ row, x, y }) =>
          row !== places[i]?.row && x > box.left && x < box.right && y > box.top && y < box.bottom,
      );
      if (i > 0) expect(hidden).toEqual([]);
    }
  });

  test("one alone hangs on its point, one beside the map nowhere, and nobody nowhere", () => {
    expect(arrange([{ row: 7, x: 300, y: 200, side: 28 }], false, room)).toEqual([
      { row: 7, dx: 0, dy: 0, side: 28 },
    ]);
    expect(arrange([{ row: 7, x: 700, y: 200, side: 28 }], false, room)).toEqual([]);
    expect(arrange([], false, room)).toEqual([]);
  });
});

describe("hanging", () => {
  test("no two touch, all lie on the wall and clear of what is reserved, and the first has its place", () => {
    const random = generator(3);
    const spots: Spot[] = Array.from({ length: 800 }, (_, row) => ({
      row,
      x: random() * 620 - 10,
      y: random() * 400,
    }));
    const reserved = [{ left: 0, top: 0, right: 100, bottom: 200 }];
    const wall = { width: 600, height: 400, pitch: 36, most: 90, reserved };
    const chosen = hang(spots, wall);
    expect(chosen.length).toBeGreaterThan(40);
    expect(chosen.length).toBeLessThanOrEqual(90);
    for (const [i, a] of chosen.entries()) {
      expect(Math.min(a.x, a.y, 600 - a.x, 400 - a.y)).toBeGreaterThanOrEqual(18);
      expect(a.x - 18 < 100 && a.y - 18 < 200).toBe(false);
      for (const b of chosen.slice(i + 1)) {
        expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThanOrEqual(36);
      }
    }
    // Whatever could still hang touches one that was there before.
    const left = spots.filter((spot) => !chosen.includes(spot));
    expect(hang([...chosen, ...left], wall)).toEqual(chosen);
  });

  test("lots are even", () => {
    const lots = Array.from({ length: 10_000 }, (_, row) => lot(row));
    expect(new Set(lots).size).toBe(10_000);
    const low = lots.filter((one) => one < 2 ** 30).length;
    expect(Math.abs(low - 2500)).toBeLessThan(200);
  });
});
