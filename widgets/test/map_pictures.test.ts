import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { hang, lot, type Spot } from "../src/panes/map/spots";
import type { Payload } from "../src/source/source";
import { StaticSource } from "../src/source/static";
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

async function settled(): Promise<void> {
  await vi.waitFor(() => expect(hung().length).toBeGreaterThan(20), { timeout: 8000 });
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
    const [row = 0] = lonely();
    await clickOn(row);
    expect([...view.store.get("selection")]).toEqual([row]);
    const url = hung()[0]?.src as string;
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
