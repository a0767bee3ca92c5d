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
});
