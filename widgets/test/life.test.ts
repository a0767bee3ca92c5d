import { afterEach, describe, expect, test, vi } from "vitest";
import {
  canvas,
  close,
  contextCount,
  differing,
  inked,
  key,
  loseContexts,
  open,
  openAtOnce,
  pixels,
  shownNames,
  view,
} from "./driver";

afterEach(close);

describe("the life of a view", () => {
  test("a lost context comes back with the same picture and selection", async () => {
    await open();
    view.store.set(
      "selection",
      Uint32Array.from({ length: 40 }, (_, i) => i),
    );
    for (let i = 0; i < 2; i++) key("+");
    await vi.waitFor(() => expect(shownNames().length).toBeLessThan(12));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = pixels();
    const lost = canvas();
    loseContexts();
    await vi.waitFor(() => expect(canvas() !== lost && inked() > 50).toBe(true), { timeout: 8000 });
    await vi.waitFor(() => expect(differing(before, pixels())).toBeLessThan(0.002), { timeout: 8000 });
    expect(view.store.get("selection")).toHaveLength(40);
    expect(view.el.querySelector(".es-notice.es-shown")).toBeNull();
  });

  test("closing leaves no node, no listener and no callback behind", async () => {
    await open();
    view.close();
    expect(view.el.children).toHaveLength(0);
    expect(view.store.listenerCount).toBe(0);
    // The test's own stand-in for Python listens to color_by.
    expect(view.model.callbackCount).toBe(1);
    expect(contextCount()).toBe(0);
  });

  test("two views share one context, and one goes on when the other closes", async () => {
    const first = await open();
    const second = await open();
    expect(contextCount()).toBe(1);
    first.close();
    expect(view).toBe(second);
    const before = inked();
    key("+");
    await vi.waitFor(() => expect(inked()).not.toBe(before));
  });

  test("a dozen maps share one context, and all of them come back when it is lost", async () => {
    const maps = Array.from({ length: 12 }, () => openAtOnce({ n: 200, traits: { height: 240 } }));
    const inkOf = ({ el }: { el: HTMLElement }): number => {
      const drawn = el.querySelector(".es-canvas") as HTMLCanvasElement | null;
      const context = drawn?.getContext("2d");
      if (!drawn || !context || drawn.width === 0) return 0;
      const { data } = context.getImageData(0, 0, drawn.width, drawn.height);
      return data.reduce((sum, value, i) => sum + Number(i % 4 === 3 && value > 60), 0);
    };
    const allDrawn = (): void => expect(Math.min(...maps.map(inkOf))).toBeGreaterThan(50);
    await vi.waitFor(allDrawn, { timeout: 15_000 });
    expect(contextCount()).toBe(1);
    const before = maps.map(({ el }) => el.querySelector(".es-canvas"));
    loseContexts();
    await vi.waitFor(
      () => {
        for (const [i, { el }] of maps.entries()) expect(el.querySelector(".es-canvas")).not.toBe(before[i]);
        allDrawn();
      },
      { timeout: 20_000 },
    );
    expect(contextCount()).toBe(1);
    expect(maps.map(({ store }) => store.get("problem")).join("")).toBe("");
    for (const map of maps) map.close();
    expect(contextCount()).toBe(0);
  }, 60_000);
});
