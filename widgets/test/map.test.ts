import { afterEach, describe, expect, test, vi } from "vitest";
import type { Payload } from "../src/source/source";
import { StaticSource } from "../src/source/static";
import {
  canvas,
  close,
  inked,
  key,
  lasso,
  legend,
  mouse,
  open,
  openAtOnce,
  placeOf,
  shownNames,
  view,
} from "./driver";
import { NAMES, payload } from "./synthetic";

afterEach(close);

describe("the picture", () => {
  test("points are drawn in their colours, with title, facts, names and legend", async () => {
    await open();
    expect(inked([210, 24, 32])).toBeGreaterThan(50);
    expect(view.el.querySelector(".es-title")?.textContent).toBe("20 Newsgroups");
    expect(view.el.querySelector(".es-facts")?.textContent).toContain("2,000 texts");
    await vi.waitFor(() => expect(shownNames()).toContain("guns"));
    expect(legend()).toHaveLength(NAMES.length + 1);
    expect(legend()[0]?.textContent).toContain(String(view.data.labels[0]?.size));
    expect(view.store.get("problem")).toBe("");
  });

  test("another colour is asked for in the menu and comes with its own legend", async () => {
    await open();
    const menu = view.el.querySelector("select") as HTMLSelectElement;
    menu.value = "trust";
    menu.dispatchEvent(new Event("change"));
    expect(view.model.get("color_by")).toBe("trust");
    expect(view.el.querySelector(".es-ramp")?.getAttribute("aria-label")).toBe(
      "Trust of the map, from ≤ 0.4 to 0.8",
    );
    await vi.waitFor(() => expect(inked([210, 24, 32])).toBeLessThan(5));
  });

  test("a dark page turns the map dark, and a chosen theme wins", async () => {
    await open({ traits: { theme: "dark" } });
    expect(view.root.dataset.theme).toBe("dark");
    const dark = getComputedStyle(view.root).backgroundColor;
    view.model.set("theme", "light");
    expect(view.root.dataset.theme).toBe("light");
    expect(getComputedStyle(view.root).backgroundColor).not.toBe(dark);
  });

  test("names, texts and columns are shown as text, whatever is in them", async () => {
    const nasty = '<img src=x onerror="window.hacked=1">';
    const source = new StaticSource({
      item: (row): Payload => ({ ...payload(row), title: nasty, text: nasty, columns: { [nasty]: nasty } }),
    });
    await open({ source, traits: { universe: { n: 2000, modality: "text", title: nasty, facts: nasty } } });
    view.model.set("labels", [{ name: nasty, x: 0, y: 0, size: 1, code: 0, min_zoom: 1, max_zoom: null }]);
    view.store.set("hover", 3);
    await vi.waitFor(() => expect(view.el.querySelector(".es-card-text")?.textContent).toBe(nasty));
    expect(view.el.querySelector("img")).toBeNull();
    expect("hacked" in window).toBe(false);
  });

  test("a space without items says so", () => {
    openAtOnce({ n: 0 });
    expect(view.el.querySelector(".es-notice.es-shown")?.textContent).toContain("no items");
  });

  test("arrays that do not fit are a visible error, not a blank", () => {
    openAtOnce({ traits: { universe: { n: 7, modality: "text", title: "", facts: "" } } });
    const panel = view.el.querySelector('[role="alert"]') as HTMLElement;
    expect(panel.hidden).toBe(false);
    expect(panel.textContent).toBe("The map has coordinates for 2,000 items, but there are 7.");
  });
});

describe("selecting", () => {
  test.each([
    ["shift and a drag", { shiftKey: true }],
    ["the lasso tool and a drag", {}],
  ])("%s selects the points inside, and Python hears of them", async (_how, init) => {
    await open();
    if (!("shiftKey" in init)) (view.el.querySelector(".es-tool") as HTMLElement).click();
    const box = canvas().getBoundingClientRect();
    // The first corner is a point: the click that ends the lasso there must not select it alone.
    const [left, top] = placeOf([...view.data.codes].lastIndexOf(6));
    const [right, bottom] = [box.left + box.width * 0.65, box.top + box.height * 0.6];
    await lasso(
      [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
      ],
      init,
    );
    await vi.waitFor(() => expect(view.store.get("selection").length).toBeGreaterThan(0));
    const margin = 6;
    const chosen = new Set(view.store.get("selection"));
    for (let row = 0; row < 2000; row++) {
      const [x, y] = placeOf(row);
      const inside = Math.min(x - left, right - x, y - top, bottom - y);
      if (Math.abs(inside) > margin) expect(chosen.has(row), `row ${row}`).toBe(inside > 0);
    }
    expect(view.model.get("selection_rows").shape).toEqual([chosen.size]);
    expect(view.model.saves).toBe(1);
  });

  test("a selection set from Python is marked, counted, and not sent back", async () => {
    await open();
    const before = inked();
    view.model.set("selection_rows", {
      dtype: "uint32",
      shape: [4],
      data: Uint32Array.of(5, 7, 11, 13).buffer,
    });
    expect(view.el.querySelector(".es-selected")?.textContent).toBe("4 selected · 0.2 %");
    await vi.waitFor(() => expect(inked()).toBeLessThan(before * 0.8));
    expect(view.model.saves).toBe(0);
  });

  test("escape and the clear button let go", async () => {
    await open();
    for (const letGo of [
      () => key("Escape"),
      () => (view.el.querySelector(".es-clear") as HTMLElement).click(),
    ]) {
      view.store.set("selection", Uint32Array.of(1, 2));
      letGo();
      expect(view.model.get("selection_rows").shape).toEqual([0]);
    }
  });

  test("zoom to brings the selection near, and 0 brings everything back", async () => {
    await open();
    await vi.waitFor(() => expect(shownNames().length).toBeGreaterThan(5));
    const home = inked();
    const rows = Uint32Array.from([...view.data.codes.keys()].filter((row) => view.data.codes[row] === 6));
    view.store.set("selection", rows);
    const [zoom] = [...view.el.querySelectorAll<HTMLElement>(".es-selection .es-link")];
    zoom?.click();
    await vi.waitFor(() => expect(shownNames()).toEqual(expect.arrayContaining(["guns"])));
    await vi.waitFor(() => expect(shownNames().length).toBeLessThan(4));
    view.store.set("selection", new Uint32Array(0));
    key("0");
    await vi.waitFor(() => expect(Math.abs(inked() - home)).toBeLessThan(home * 0.05));
  });
});

describe("the legend", () => {
  test("a click isolates, a shift-click adds, and show all brings the rest back", async () => {
    await open();
    legend()[1]?.click();
    await vi.waitFor(() => expect(inked([210, 24, 32])).toBeLessThan(5));
    expect(inked([24, 105, 255])).toBeGreaterThan(50);
    expect(legend()[1]?.getAttribute("aria-pressed")).toBe("true");
    await vi.waitFor(() => expect(shownNames()).toEqual([NAMES[1]]));
    legend()[0]?.dispatchEvent(new MouseEvent("click", { shiftKey: true, bubbles: true }));
    await vi.waitFor(() => expect(inked([210, 24, 32])).toBeGreaterThan(50));
    (view.el.querySelector(".es-show-all") as HTMLElement).click();
    await vi.waitFor(() => expect(inked([0, 138, 0])).toBeGreaterThan(50));
    expect(view.store.get("isolated").size).toBe(0);
  });

  test("a lasso takes only what is isolated", async () => {
    await open();
    legend()[1]?.click();
    await vi.waitFor(() => expect(inked([210, 24, 32])).toBeLessThan(5));
    const box = canvas().getBoundingClientRect();
    const [l, t, r, b] = [box.left + 60, box.top + 5, box.right - 5, box.bottom - 5];
    await lasso(
      [
        [l, t],
        [r, t],
        [r, b],
        [l, b],
      ],
      { shiftKey: true },
    );
    await vi.waitFor(() => expect(view.store.get("selection").length).toBeGreaterThan(0));
    const codes = new Set([...view.store.get("selection")].map((row) => view.data.codes[row]));
    expect([...codes]).toEqual([1]);
  });
});

describe("the pointer and the keys", () => {
  test("a point under the pointer shows its card, and leaving hides it", async () => {
    await open();
    const row = 12;
    await mouse("mouseenter", placeOf(row));
    await mouse("mousemove", placeOf(row));
    await vi.waitFor(() => expect(view.store.get("hover")).toBeGreaterThanOrEqual(0));
    const card = view.el.querySelector(".es-card") as HTMLElement;
    await vi.waitFor(() => expect(card.textContent).toContain(`mission ${view.store.get("hover")}`));
    expect(card.textContent).toContain("sci.space");
    await mouse("mouseleave", placeOf(row));
    await vi.waitFor(() => expect(card.hidden).toBe(true));
  });

  test("a payload that cannot be had says why", async () => {
    await open({ source: new StaticSource({ item: () => undefined }) });
    view.store.set("hover", 3);
    await vi.waitFor(() =>
      expect(view.el.querySelector(".es-card")?.textContent).toContain("row 3 is not in this page"),
    );
  });

  test("plus brings points near and keys go no further than the map", async () => {
    await open();
    let outside = 0;
    const listener = (): void => {
      outside++;
    };
    document.body.addEventListener("keydown", listener);
    const names = shownNames().length;
    for (let i = 0; i < 5; i++) key("+");
    await vi.waitFor(() => expect(shownNames().length).toBeLessThan(names));
    key("ArrowLeft");
    expect(outside).toBe(0);
    key("x");
    expect(outside).toBe(1);
    document.body.removeEventListener("keydown", listener);
  });

  test.each([
    [{ key: "d" }, true],
    [{ key: "0" }, true],
    [{ key: "s", ctrlKey: true }, false],
    [{ key: "Enter", shiftKey: true }, false],
  ])("of the keys, %j is kept from JupyterLab: %s", async (init, kept) => {
    await open();
    const stage = view.el.querySelector(".es-stage") as HTMLElement;
    let marked: boolean | undefined;
    const life = new AbortController();
    const look = (): void => {
      marked = stage.hasAttribute("data-lm-suppress-shortcuts");
    };
    document.addEventListener("keydown", look, { capture: true, signal: life.signal });
    stage.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true }));
    life.abort();
    expect(marked).toBe(kept);
  });

  test("a press with shift stays on the map: a notebook would select cells with it", async () => {
    await open();
    const heard: boolean[] = [];
    const life = new AbortController();
    document.body.addEventListener("mousedown", (event) => heard.push(event.shiftKey), {
      signal: life.signal,
    });
    for (const shiftKey of [true, false]) await mouse("mousedown", placeOf(0), { shiftKey });
    life.abort();
    expect(heard).toEqual([false]);
  });

  test("a wheel that the pointer did not mean leaves the page to scroll", async () => {
    await open();
    const wheel = (): boolean =>
      canvas().dispatchEvent(new WheelEvent("wheel", { deltaY: 50, bubbles: true, cancelable: true }));
    expect(wheel()).toBe(true);
    canvas().dispatchEvent(new PointerEvent("pointermove", { movementX: 3, bubbles: true }));
    expect(wheel()).toBe(false);
  });
});
