import { afterEach, describe, expect, test, vi } from "vitest";
import { ask } from "../src/walk";
import {
  canvas,
  clickOn,
  close,
  differing,
  inked,
  key,
  lonely,
  open,
  pixels,
  placeOf,
  shownNames,
  view,
} from "./driver";

afterEach(close);

function menu(): HTMLSelectElement {
  return view.el.querySelector('select[aria-label="Layout"]') as HTMLSelectElement;
}

/** What Python does when another layout is asked for: everything mirrored, in the same box. */
function answerLayouts(): void {
  view.model.on("change:layout_by", () => {
    const coords = view.data.coords.map((value) => -value);
    view.model.set("coords", { dtype: "float32", shape: [coords.length / 2, 2], data: coords.buffer });
  });
}

function morphing(): boolean {
  return view.el.querySelector(".es-morphing") !== null;
}

describe("layouts", () => {
  test("one of them is no choice; two are a menu", async () => {
    await open({ traits: { layout_choices: [{ key: "umap", title: "UMAP" }] } });
    expect((menu().closest("label") as HTMLElement).hidden).toBe(true);
    view.model.set("layout_choices", [
      { key: "umap", title: "UMAP" },
      { key: "pca", title: "PCA" },
    ]);
    expect((menu().closest("label") as HTMLElement).hidden).toBe(false);
    expect([...menu().options].map((option) => option.textContent)).toEqual(["UMAP", "PCA"]);
  });

  test("points go to their new places, and selection and query come along", async () => {
    await open();
    answerLayouts();
    view.store.set("selection", Uint32Array.of(4, 5));
    await vi.waitFor(() => expect(inked()).toBeGreaterThan(50));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = pixels();
    menu().value = "pca";
    menu().dispatchEvent(new Event("change"));
    expect(view.model.get("layout_by")).toBe("pca");
    await vi.waitFor(() => expect(morphing()).toBe(true));
    const onTheWay: Uint8ClampedArray[] = [];
    while (morphing()) {
      onTheWay.push(pixels());
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = pixels();
    expect(differing(before, after)).toBeGreaterThan(0.01);
    // On the way the picture is neither the old one nor the new one.
    const between = onTheWay.filter((now) => differing(before, now) > 0.01 && differing(now, after) > 0.01);
    expect(between.length).toBeGreaterThan(0);
    expect([...view.store.get("selection")]).toEqual([4, 5]);
    // The pointer finds points where they are now.
    view.store.set("selection", new Uint32Array(0));
    const [row = 0] = lonely();
    await vi.waitFor(async () => {
      await clickOn(row);
      expect([...view.store.get("selection")]).toEqual([row]);
    });
  });

  test("names keep their depth: coarse ones give way to finer ones as one comes near", async () => {
    await open();
    const at = { x: 0, y: 0, size: 500, code: 0 };
    view.model.set("labels", [
      { ...at, name: "coarse", min_zoom: 1, max_zoom: 3 },
      { ...at, name: "finer", size: 100, min_zoom: 3, max_zoom: null },
      { ...at, name: "finest", size: 900, min_zoom: 20, max_zoom: null },
    ]);
    await vi.waitFor(() => expect(shownNames()).toEqual(["coarse"]));
    const size = (name: string): number => {
      const node = [...view.el.querySelectorAll(".es-name")].find(({ textContent }) => textContent === name);
      return Number.parseFloat(getComputedStyle(node as Element).fontSize);
    };
    expect(size("coarse")).toBeGreaterThan(size("finer"));
    key("-");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(shownNames()).toEqual(["coarse"]);
    key("0");
    view.store.set("selection", new Uint32Array(0));
    await new Promise((resolve) => setTimeout(resolve, 600));
    for (let i = 0; i < 3; i++) key("+");
    // The camera looks at the middle, where the names are.
    await vi.waitFor(() => expect(shownNames()).toEqual(["finer"]));
  });

  test("names keep clear of the tools and of the bars that come", async () => {
    await open();
    view.store.set("selection", Uint32Array.of(1, 2, 3));
    key("l");
    await new Promise((resolve) => setTimeout(resolve, 400));
    const over = [".es-tools", ".es-modes", ".es-selection"].map((name) => view.el.querySelector(name));
    const names = [...view.el.querySelectorAll(".es-name.es-shown")];
    expect(names.length).toBeGreaterThan(3);
    const overlap = (a: Element, b: Element): boolean => {
      const [p, q] = [a.getBoundingClientRect(), b.getBoundingClientRect()];
      return p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom;
    };
    for (const [i, name] of names.entries()) {
      for (const other of [...over, ...names.slice(i + 1)]) {
        expect(overlap(name, other as Element), `${name.textContent} ${other?.textContent}`).toBe(false);
      }
    }
  });

  test("a layout of another number of points is drawn at once", async () => {
    await open();
    ask(view.store, null);
    const n = 500;
    const { coords, codes } = view.data;
    view.model.set("universe", { ...view.model.get("universe"), n });
    const part = coords.slice(0, 2 * n);
    view.model.set("color", {
      ...view.model.get("color"),
      codes: { dtype: "uint16", shape: [n], data: codes.slice(0, n).buffer },
    });
    view.model.set("coords", { dtype: "float32", shape: [n, 2], data: part.buffer });
    const before = inked();
    await vi.waitFor(() => expect(inked()).toBeLessThan(before * 0.8));
    expect(morphing()).toBe(false);
    expect(view.store.get("problem")).toBe("");
    expect(canvas()).not.toBeNull();
    expect(placeOf(3)).toHaveLength(2);
  });
});
