import { afterEach, describe, expect, test, vi } from "vitest";
import { StaticSource } from "../src/source/static";
import { close, inked, open, placeOf, view } from "./driver";
import { payload } from "./synthetic";

afterEach(close);

function bar(): HTMLElement {
  return view.el.querySelector(".es-hits") as HTMLElement;
}

function search(words: string, rows: number[]): void {
  view.store.set("words", words);
  view.store.set("hits", Uint32Array.from(rows));
}

function marks(): string[] {
  return [...view.el.querySelectorAll(".es-card mark")].map((mark) => mark.textContent ?? "");
}

describe("what holds the words", () => {
  test("stands out, is counted, and can be selected; without words all is as before", async () => {
    await open();
    const red = (): number => inked([210, 24, 32]);
    const before = red();
    const rows = [...view.data.codes.keys()].filter((row) => view.data.codes[row] === 1).slice(0, 150);
    search("engine", rows);
    expect(bar().textContent).toContain("150 of 2,000 hold “engine”");
    await vi.waitFor(() => expect(red()).toBeLessThan(before * 0.02));
    expect(inked([24, 105, 255])).toBeGreaterThan(100);
    (bar().querySelector("button") as HTMLElement).click();
    expect([...view.store.get("selection")]).toEqual(rows);
    view.store.set("selection", new Uint32Array(0));
    search("", []);
    expect(bar().classList.contains("es-shown")).toBe(false);
    await vi.waitFor(() => expect(Math.abs(red() - before)).toBeLessThan(before * 0.03));
  });

  test("the card marks the words, whatever their case and script", async () => {
    const text = "Ein STRASSENBAHN-Motor, ein motor; МОТОР.";
    await open({ source: new StaticSource({ item: (row) => ({ ...payload(row), title: "Motor", text }) }) });
    for (const [words, found] of [
      ["motor", ["Motor", "Motor", "motor"]],
      ["мотор", ["МОТОР"]],
      ["(", []],
    ] as const) {
      search(words, [1]);
      view.store.set("hover", -1);
      view.store.set("hover", 1);
      await vi.waitFor(() => expect(view.el.querySelector(".es-card-text")).not.toBeNull());
      expect(marks()).toEqual(found);
    }
    expect(view.el.querySelector(".es-card-text")?.textContent).toBe(text);
  });

  test("words, names and texts of any kind and length are text, and cut short", async () => {
    const nasty = `<img src=x onerror="window.hacked=1">\u202e${"x".repeat(1_000_000)}`;
    const names = [nasty, ...Array.from({ length: 12 }, (_, i) => `c${i}`)];
    const source = new StaticSource({
      item: (row) => ({ ...payload(row), title: nasty, text: nasty, columns: { [nasty]: nasty } }),
    });
    await open({ source });
    view.model.set("color", { ...view.model.get("color"), names });
    view.model.set("labels", [{ name: nasty, x: 0, y: 0, size: 9, code: 0, min_zoom: 1, max_zoom: null }]);
    view.model.set("layout_choices", [
      { key: "a", title: nasty },
      { key: "b", title: "B" },
    ]);
    search(nasty, [3]);
    view.store.set("hover", 3);
    await vi.waitFor(() => expect(view.el.querySelector(".es-card-text")?.textContent).toContain("<img"), {
      timeout: 8000,
    });
    const stage = view.el.querySelector(".es-stage") as HTMLElement;
    expect(stage.textContent?.length).toBeLessThan(6000);
    expect(view.el.querySelector(".es-pane img")).toBeNull();
    expect("hacked" in window).toBe(false);
    const map = stage.getBoundingClientRect();
    for (const over of [bar(), view.el.querySelector(".es-card") as HTMLElement]) {
      const box = over.getBoundingClientRect();
      expect(Math.min(box.left - map.left, map.right - box.right, map.bottom - box.bottom)).toBeGreaterThan(
        0,
      );
    }
    expect(placeOf(3)).toHaveLength(2);
  });
});
