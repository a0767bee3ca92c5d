import type {} from "@vitest/browser-playwright";
import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cdp, page, userEvent } from "vitest/browser";
import { ask } from "../src/walk";
import { close, contextCount, differing, loseContexts, view } from "./driver";
import { answersOf } from "./explorer";
import { canvases, frames, inkOf, openMaps, pixelsOf, soon, studentOf } from "./maps_view";
import { payload } from "./synthetic";

beforeEach(() => page.viewport(1000, 700));
afterEach(close);

function range(): HTMLInputElement {
  return view.el.querySelector(".es-range") as HTMLInputElement;
}

function button(words: string): HTMLButtonElement {
  const found = [...view.el.querySelectorAll<HTMLButtonElement>("button")].find(
    (one) => one.textContent === words || one.getAttribute("aria-label") === words,
  );
  if (!found) throw new Error(`There is no button “${words}”.`);
  return found;
}

function slide(share: number): void {
  range().value = String(share);
  range().dispatchEvent(new Event("input", { bubbles: true }));
}

function picture(which = 0): Uint8ClampedArray {
  return pixelsOf(canvases(view.el)[which]).data;
}

/** Where a name stands on the map: its middle, from the stage's left. */
function nameAt(name: string, which = 0): number {
  const stage = view.el.querySelectorAll(".es-stage")[which] as HTMLElement;
  const node = [...stage.querySelectorAll(".es-name.es-shown")].find(
    ({ textContent }) => textContent === name,
  );
  if (!node) throw new Error(`The name “${name}” is not shown.`);
  const { left, width } = node.getBoundingClientRect();
  return left + width / 2 - stage.getBoundingClientRect().left;
}

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 350));

async function opened(options: Parameters<typeof openMaps>[0] = {}): Promise<void> {
  openMaps(options);
  await soon(() => expect(inkOf(canvases(view.el)[0])).toBeGreaterThan(50));
  await rest();
}

async function beside(): Promise<void> {
  button("Side by side").click();
  await soon(() => expect(canvases(view.el)).toHaveLength(2));
  await soon(() => expect(inkOf(canvases(view.el)[1])).toBeGreaterThan(50));
  await rest();
}

describe("one map", () => {
  test("the slider takes the points to the student's places and back, with nothing else moved", async () => {
    await opened();
    const start = picture();
    slide(0.5);
    await soon(() => expect(differing(start, picture())).toBeGreaterThan(0.01));
    const middle = picture();
    slide(1);
    await soon(() => expect(differing(middle, picture())).toBeGreaterThan(0.01));
    expect(differing(start, picture())).toBeGreaterThan(0.01);
    expect(view.store.get("morph")).toBe(1);
    slide(0);
    await soon(() => expect(differing(start, picture())).toBeLessThan(0.0005));
    expect(view.el.querySelector(".es-morphing")).toBeNull();
    expect(view.store.get("problem")).toBe("");
  });

  test("the ends carry the names and lead to the maps", async () => {
    await opened();
    expect(button("all-MiniLM-L6-v2").getAttribute("aria-pressed")).toBe("true");
    button("wordllama-256").click();
    await soon(() => expect(view.store.get("morph")).toBe(1));
    expect(button("wordllama-256").getAttribute("aria-pressed")).toBe("true");
    expect(range().getAttribute("aria-valuetext")).toBe("wordllama-256");
    view.model.set("comparison", { names: ['<b onclick="x">', "‮evil"] });
    expect(view.el.querySelector(".es-end")?.textContent).toBe('<b onclick="x">');
    expect(view.el.querySelector(".es-morph b")).toBeNull();
  });

  test("keys go five per cent, and to the ends", async () => {
    await opened();
    range().focus();
    await userEvent.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}{ArrowLeft}");
    expect(view.store.get("morph")).toBeCloseTo(0.1);
    expect(range().getAttribute("aria-valuetext")).toBe("10 % of the way to wordllama-256");
    await userEvent.keyboard("{End}");
    expect(view.store.get("morph")).toBe(1);
    await userEvent.keyboard("{ArrowRight}");
    expect(view.store.get("morph")).toBe(1);
    await userEvent.keyboard("{Home}");
    expect(view.store.get("morph")).toBe(0);
  });

  test("Python hears of where the slider comes to rest, once, and can move it", async () => {
    await opened();
    const before = view.model.saves;
    for (let i = 1; i <= 20; i++) slide(i / 40);
    expect(view.model.saves).toBe(before);
    await soon(() => expect(view.model.saves).toBe(before + 1));
    expect(view.model.get("morph")).toBe(0.5);
    view.model.set("morph", 0.25);
    expect(range().valueAsNumber).toBe(0.25);
  });

  test("names go along with the points, and stand where the points rest", async () => {
    await opened();
    const { labels } = studentOf(view.data);
    const code = 6;
    const scale = 0.5 * (view.el.querySelector(".es-stage") as HTMLElement).clientHeight;
    const way = (labels[code]?.x ?? 0) - (view.data.labels[code]?.x ?? 0);
    const start = nameAt("guns");
    slide(0.5);
    await frames(3);
    const middle = nameAt("guns") - start;
    slide(1);
    await frames(3);
    const end = nameAt("guns") - start;
    expect(Math.sign(end)).toBe(Math.sign(way));
    expect(Math.abs(end)).toBeGreaterThan(0.4 * scale * Math.abs(way));
    expect(middle / end).toBeCloseTo(0.5, 1);
    await rest();
    const shown = [...view.el.querySelectorAll(".es-name.es-shown")].map(({ textContent }) => textContent);
    expect(shown.length).toBeGreaterThan(3);
  });

  test("many moves of one moment are two steps at most, and no step makes a new texture", async () => {
    await opened();
    const uploads = vi.spyOn(WebGLRenderingContext.prototype, "texSubImage2D");
    const textures = vi.spyOn(WebGLRenderingContext.prototype, "createTexture");
    try {
      for (let i = 0; i < 50; i++) slide(i / 100);
      await frames(4);
      expect(uploads.mock.calls.length).toBeGreaterThan(0);
      expect(uploads.mock.calls.length).toBeLessThan(3);
      expect(textures).not.toHaveBeenCalled();
    } finally {
      uploads.mockRestore();
      textures.mockRestore();
    }
  });

  test("the camera and the selection stay as one goes from map to map", async () => {
    await opened();
    view.store.set("selection", Uint32Array.of(1, 2, 3));
    button("Zoom in (+)").click();
    await rest();
    const start = picture();
    slide(1);
    await soon(() => expect(differing(start, picture())).toBeGreaterThan(0.005));
    slide(0);
    await soon(() => expect(differing(start, picture())).toBeLessThan(0.001));
    expect([...view.store.get("selection")]).toEqual([1, 2, 3]);
  });

  test("zooming to a selection brings its places in both maps in sight", async () => {
    await opened();
    const rows = [...view.data.codes.keys()].filter((row) => view.data.codes[row] === 11).slice(0, 40);
    view.store.set("selection", Uint32Array.from(rows));
    button("Zoom to").click();
    await rest();
    await rest();
    const stage = (view.el.querySelector(".es-stage") as HTMLElement).getBoundingClientRect();
    for (const share of [0, 1]) {
      slide(share);
      await rest();
      for (const row of rows) {
        view.store.set("hover", row);
        const ring = (view.el.querySelector(".es-ring") as HTMLElement).getBoundingClientRect();
        expect(ring.left, `row ${row} at ${share}`).toBeGreaterThan(stage.left);
        expect(ring.right).toBeLessThan(stage.right);
        expect(ring.top).toBeGreaterThan(stage.top);
        expect(ring.bottom).toBeLessThan(stage.bottom);
      }
    }
  });

  test("a point is found where it stands now", async () => {
    await opened();
    slide(1);
    await rest();
    const ringOf = (): DOMRect => (view.el.querySelector(".es-ring") as HTMLElement).getBoundingClientRect();
    view.store.set("hover", 40);
    const { left, top, width } = ringOf();
    const [x, y] = [left + width / 2, top + width / 2];
    view.store.set("hover", -1);
    const canvas = canvases(view.el)[0] as HTMLCanvasElement;
    for (const type of ["mouseenter", "mousemove"])
      canvas.dispatchEvent(new MouseEvent(type, { clientX: x, clientY: y, bubbles: true }));
    await soon(() => expect(view.store.get("hover")).toBeGreaterThanOrEqual(0));
    const now = ringOf();
    expect(Math.hypot(now.left - left, now.top - top)).toBeLessThan(8);
  });

  test("play runs there and back, and stops where one takes the slider", async () => {
    await opened();
    button("Run there and back").click();
    const seen: number[] = [];
    view.store.on("morph", (share) => seen.push(share), new AbortController().signal);
    await soon(() => expect(view.store.get("morph")).toBe(1));
    expect(seen.length).toBeGreaterThan(5);
    await soon(() => expect(view.store.get("morph")).toBe(0));
    await soon(() => expect(button("Run there and back")).not.toBeNull());
    button("Run there and back").click();
    await soon(() => expect(view.store.get("morph")).toBeGreaterThan(0.05));
    slide(0.4);
    await rest();
    expect(view.store.get("morph")).toBe(0.4);
  });
});

test("pictures go along with their points", async () => {
  const canvas = new OffscreenCanvas(16, 16);
  (canvas.getContext("2d") as OffscreenCanvasRenderingContext2D).fillRect(2, 2, 12, 12);
  const thumbnail = await canvas.convertToBlob();
  const universe = { n: 2000, modality: "image" as const, title: "Emoji", facts: "" };
  await opened({ traits: { universe }, answers: answersOf(2000, (row) => ({ ...payload(row), thumbnail })) });
  const places = (): string[] =>
    [...view.el.querySelectorAll<HTMLElement>(".es-thumb")].map(({ style }) => style.transform);
  await soon(() => expect(places().length).toBeGreaterThan(20));
  await rest();
  const start = places();
  slide(0.5);
  const middle = places();
  expect(middle).toHaveLength(start.length);
  expect(middle.filter((place, i) => place !== start[i]).length).toBeGreaterThan(0.9 * start.length);
  slide(0);
  await soon(() => expect(places().slice(0, 5)).toEqual(start.slice(0, 5)));
});

test("who wants no motion is shown the other map, and then the first again, with nothing between", async () => {
  const media = (value: string): Promise<unknown> =>
    cdp().send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-reduced-motion", value }] });
  await media("reduce");
  try {
    await opened();
    const seen: number[] = [];
    view.store.on("morph", (share) => seen.push(share), new AbortController().signal);
    button("Run there and back").click();
    await soon(() => expect(seen).toEqual([1, 0]));
  } finally {
    await media("");
  }
});

describe("trails", () => {
  const words = (): string => view.el.querySelector(".es-trails-words")?.textContent ?? "";
  const lines = (): number =>
    [...view.el.querySelectorAll(".es-trails-lines")].reduce(
      (sum, node) => sum + (node.getAttribute("d")?.match(/M/g)?.length ?? 0),
      0,
    );

  test("on the way those of the selection are drawn, and at the ends none", async () => {
    await opened();
    view.store.set("selection", Uint32Array.of(3, 8, 21));
    slide(0.5);
    await soon(() => expect(words()).toBe("Trails of 3 selected items; the dots are at wordllama-256"));
    expect(lines()).toBe(3);
    slide(1);
    await soon(() => expect(words()).toBe(""));
    expect(view.el.querySelector(".es-trails.es-shown")).toBeNull();
  });

  test("the toggle shows those that move most, then the neighbours at hand", async () => {
    await opened();
    button("Trails").click();
    await soon(() => expect(words()).toContain("the 200 items that move most"));
    expect(lines()).toBe(200);
    ask(view.store, { kind: "item", row: 5 });
    await soon(() => expect(words()).toContain("13 items at hand"));
    await soon(() => expect(lines()).toBe(13));
    button("Trails").click();
    expect(words()).toBe("");
  });

  test("they end where the student's points are, whatever the morph says", async () => {
    await opened();
    button("Trails").click();
    view.store.set("selection", Uint32Array.of(9));
    await soon(() => expect(lines()).toBe(1));
    const d = (): string => view.el.querySelector(".es-trails-lines")?.getAttribute("d") ?? "";
    const start = d();
    slide(1);
    await rest();
    expect(d()).toBe(start);
    view.store.set("hover", 9);
    const ring = (view.el.querySelector(".es-ring") as HTMLElement).style.transform;
    const [x = 0, y = 0] = ring.match(/-?[\d.]+(?=px)/g)?.map(Number) ?? [];
    const [endX = 0, endY = 0] = start.split("L")[1]?.split(" ").map(Number) ?? [];
    expect(Math.hypot(x - endX, y - endY)).toBeLessThan(1);
  });
});

describe("side by side", () => {
  test("both maps show the selection, the ring and the neighbours, with one legend", async () => {
    await opened();
    view.store.set("morph", 0.5);
    await beside();
    const texts = [...view.el.querySelectorAll(".es-caption")].map(({ textContent }) => textContent);
    expect(texts).toEqual(["Teacherall-MiniLM-L6-v2", "Studentwordllama-256"]);
    expect(view.el.querySelectorAll(".es-legend")).toHaveLength(1);
    expect(view.el.querySelectorAll(".es-selection")).toHaveLength(1);
    const before = [picture(0), picture(1)];
    view.store.set("selection", Uint32Array.of(4, 5, 6));
    view.store.set("hover", 4);
    ask(view.store, { kind: "item", row: 4 });
    await soon(() => {
      for (const [which, old] of before.entries())
        expect(differing(old as Uint8ClampedArray, picture(which))).toBeGreaterThan(0.005);
    });
    const rings = [...view.el.querySelectorAll<HTMLElement>(".es-ring")];
    expect(rings.map(({ hidden }) => hidden)).toEqual([false, false]);
    expect(rings[0]?.style.transform).not.toBe(rings[1]?.style.transform);
    for (const lines of view.el.querySelectorAll(".es-stage"))
      expect(lines.querySelectorAll(".es-near")).toHaveLength(12);
  });

  test("a click in either map selects in both", async () => {
    await opened();
    await beside();
    const canvas = canvases(view.el)[1] as HTMLCanvasElement;
    view.store.set("hover", 12);
    const { left, top } = (view.el.querySelectorAll(".es-ring")[1] as HTMLElement).getBoundingClientRect();
    const at = { clientX: left + 8, clientY: top + 8, bubbles: true, buttons: 0 };
    for (const type of ["mouseenter", "mousemove", "mousedown", "mouseup", "click"])
      canvas.dispatchEvent(new MouseEvent(type, at));
    await soon(() => expect(view.store.get("selection")).toHaveLength(1));
  });

  test("one camera: zooming in one map zooms the other, and everything comes back in both", async () => {
    await opened();
    await beside();
    const home = [picture(0), picture(1)];
    const zoomIn = view.el.querySelectorAll<HTMLElement>('[aria-label="Zoom in (+)"]');
    for (let i = 0; i < 3; i++) zoomIn[1]?.click();
    await soon(() => {
      for (const [which, old] of home.entries())
        expect(differing(old as Uint8ClampedArray, picture(which))).toBeGreaterThan(0.02);
    });
    view.el.querySelectorAll<HTMLElement>('[aria-label="Show everything (0)"]')[0]?.click();
    await soon(() => {
      for (const [which, old] of home.entries())
        expect(differing(old as Uint8ClampedArray, picture(which))).toBeLessThan(0.001);
    });
  });

  test("going to and fro leaves one context, no node and no listener too many", async () => {
    await opened();
    const before = view.store.listenerCount;
    for (let i = 0; i < 4; i++) {
      await beside();
      expect(contextCount()).toBe(1);
      button("One map").click();
      expect(canvases(view.el)).toHaveLength(1);
    }
    expect(view.store.listenerCount).toBe(before);
    view.close();
    expect(view.el.children).toHaveLength(0);
    expect(view.store.listenerCount).toBe(0);
    expect(contextCount()).toBe(0);
  });

  test("both come back when the context is lost, where the slider stands", async () => {
    await opened();
    slide(0.6);
    await rest();
    const before = picture();
    const lost = canvases(view.el)[0];
    loseContexts();
    await soon(() => expect(canvases(view.el)[0] !== lost && inkOf(canvases(view.el)[0]) > 50).toBe(true));
    await soon(() => expect(differing(before, picture())).toBeLessThan(0.002));
    slide(0);
    await soon(() => expect(differing(before, picture())).toBeGreaterThan(0.01));
  });
});

describe("what is missing or changes", () => {
  test("without a student's map the pane says so, and shows the teacher's", async () => {
    await opened({ traits: { coords_b: {}, labels_b: [] } });
    expect(view.el.querySelector(".es-maps-missing")?.textContent).toContain("no map of the student");
    expect((view.el.querySelector(".es-morph") as HTMLElement).hidden).toBe(true);
    expect((view.el.querySelector(".es-ways") as HTMLElement).hidden).toBe(true);
    expect(view.store.get("problem")).toBe("");
    const n = view.data.codes.length;
    const coords = studentOf(view.data).coords;
    view.model.set("coords_b", { dtype: "float32", shape: [n, 2], data: coords.buffer as ArrayBuffer });
    expect((view.el.querySelector(".es-morph") as HTMLElement).hidden).toBe(false);
    expect((view.el.querySelector(".es-maps-missing") as HTMLElement).hidden).toBe(true);
  });

  test("points grow with the map again once it widens", async () => {
    await opened();
    const start = inkOf(canvases(view.el)[0]);
    for (const width of [420, 800, 984]) {
      view.el.style.width = `${width}px`;
      await frames(3);
    }
    await soon(() => expect(Math.abs(inkOf(canvases(view.el)[0]) / start - 1)).toBeLessThan(0.07));
  });
});

test.each(["light", "dark"] as const)("axe-core finds no serious fault in a %s theme", async (theme) => {
  document.body.style.background = theme === "dark" ? "#14161b" : "#ffffff";
  await opened({ traits: { theme } });
  const faults = async (): Promise<string[]> => {
    const { violations } = await axe.run(view.root, { resultTypes: ["violations"] });
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`);
  };
  button("Trails").click();
  slide(0.5);
  await rest();
  expect(await faults()).toEqual([]);
  await beside();
  expect(await faults()).toEqual([]);
});
