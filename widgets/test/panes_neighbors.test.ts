import { afterEach, describe, expect, test, vi } from "vitest";
import { distance } from "../src/panes/neighbors/cards";
import type { Found } from "../src/source/source";
import { StaticSource } from "../src/source/static";
import { ask } from "../src/walk";
import { close, openExplorer, soon, text, view } from "./explorer";
import { payload } from "./synthetic";

afterEach(close);

function cards(): HTMLElement[] {
  return [...view.el.querySelectorAll<HTMLElement>(".es-neighbor")];
}

function walkOf(place: number): HTMLButtonElement {
  return cards()[place]?.querySelector(".es-near-walk") as HTMLButtonElement;
}

function rowOf(place: number): number {
  return Number(cards()[place]?.dataset.row);
}

function state(): string {
  return view.el.querySelector(".es-near-state")?.textContent ?? "";
}

function press(target: Element, key: string, init: KeyboardEventInit = {}): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }));
}

async function found(row: number, count = 12): Promise<void> {
  ask(view.store, { kind: "item", row });
  await soon(() => expect(cards()).toHaveLength(count));
}

describe("the ranking", () => {
  test("neighbours stand nearest first, with rank, distance, words and what their colour means", async () => {
    openExplorer();
    expect(state()).toBe("Click a point, or search, to see what lies near it.");
    await found(3);
    const { distances } = view.store.get("found") as Found;
    const heads = cards().map((card) => card.querySelector(".es-near-head")?.textContent);
    expect(heads).toEqual(distances.map((value, i) => `${i + 1}${distance(value)}`));
    const row = rowOf(0);
    await soon(() => expect(cards()[0]?.textContent).toContain(text(row).text?.slice(0, 60)));
    const color = view.store.get("color");
    const name = color.kind === "category" ? color.names[color.codes[row] as number] : "";
    expect(cards()[0]?.querySelector(".es-value")?.textContent).toContain(name);
    expect(state()).toBe("");
    const bars = cards().map(
      (card) => (card.querySelector(".es-near-bar > span") as HTMLElement).style.width,
    );
    expect(bars.at(-1)).toBe("100%");
    expect(Number.parseFloat(bars[0] as string)).toBeLessThan(100);
  });

  test.each([
    [0, "0"],
    [0.12, "0.120"],
    [1.23456, "1.23"],
    [0.00004, "4.0e−5"],
    [-0.0123, "−0.0123"],
  ])("a distance of %s reads %s", (value, words) => {
    expect(distance(value)).toBe(words);
  });

  test("those of another category than the query stand out", async () => {
    openExplorer();
    const color = view.store.get("color");
    const codes = color.kind === "category" ? color.codes : new Uint16Array();
    await found(3, 12);
    for (const card of cards()) {
      const other = codes[Number(card.dataset.row)] !== codes[3];
      expect(card.classList.contains("es-other")).toBe(other);
    }
  });

  test("how many is asked for in the menu", async () => {
    openExplorer();
    await found(3);
    const menu = view.el.querySelector(".es-how-many") as HTMLSelectElement;
    menu.value = "25";
    menu.dispatchEvent(new Event("change"));
    await soon(() => expect(cards()).toHaveLength(25));
    expect([...menu.options].map(({ value }) => value)).toEqual(["6", "12", "25", "50"]);
  });

  test("a note of the search is shown, and what cannot be found is said", async () => {
    let fails = false;
    openExplorer(
      {},
      {
        neighbors: async () => {
          if (fails) throw new Error("This encoder cannot read images.");
          return { rows: [5], distances: [0.5], metric: "cosine", note: "Found by an approximate search." };
        },
      },
    );
    await found(3, 1);
    expect(view.el.querySelector(".es-near-note")?.textContent).toBe("Found by an approximate search.");
    fails = true;
    ask(view.store, { kind: "text", text: "rockets" });
    await soon(() => expect(state()).toBe("This encoder cannot read images."));
    expect(cards()).toHaveLength(0);
  });

  test("until the next neighbours come the last ones stay, and a busy kernel is said", async () => {
    let answer: (found: Found) => void = () => undefined;
    let slow = false;
    openExplorer(
      {},
      {
        neighbors: (_query, k) =>
          slow
            ? new Promise((resolve) => {
                answer = resolve;
              })
            : Promise.resolve({
                rows: Array.from({ length: k }, (_, i) => i + 10),
                distances: Array.from({ length: k }, (_, i) => i),
                metric: "cosine",
                note: "",
              }),
      },
    );
    await found(3);
    slow = true;
    ask(view.store, { kind: "item", row: 4 });
    expect(cards()).toHaveLength(12);
    expect(view.el.querySelector(".es-nears.es-waiting")).not.toBeNull();
    view.store.set("busy", true);
    expect(state()).toBe("The kernel is busy; waiting for it…");
    view.store.set("busy", false);
    answer({ rows: [7], distances: [1], metric: "cosine", note: "" });
    await soon(() => expect(cards()).toHaveLength(1));
    expect(view.el.querySelector(".es-nears.es-waiting")).toBeNull();
  });
});

describe("what is at hand", () => {
  test("an item, with its original, its neighbours to select, and a way to let go", async () => {
    openExplorer();
    await found(3);
    const hand = view.el.querySelector(".es-at-hand") as HTMLElement;
    await soon(() => expect(hand.textContent).toContain(text(3).title));
    const [chosen, opener, letGo] = hand.querySelectorAll("button");
    chosen?.click();
    expect([...view.store.get("selection")]).toEqual(
      [...(view.store.get("found") as Found).rows].sort((a, b) => a - b),
    );
    opener?.click();
    expect(view.store.get("opened")).toBe(3);
    view.store.set("opened", -1);
    letGo?.click();
    expect(view.store.get("query")).toBeNull();
    expect(hand.hidden).toBe(true);
    expect(cards()).toHaveLength(0);
  });

  test("words are shown in quotes, and an image as it is", async () => {
    openExplorer();
    ask(view.store, { kind: "text", text: "rockets" });
    const hand = view.el.querySelector(".es-at-hand") as HTMLElement;
    expect(hand.textContent).toContain("“rockets”");
    const canvas = new OffscreenCanvas(4, 4);
    canvas.getContext("2d")?.fillRect(0, 0, 4, 4);
    ask(view.store, { kind: "image", name: "red.png", image: await canvas.convertToBlob() });
    await soon(() => expect(hand.querySelector("img")?.naturalWidth).toBe(4));
    expect(hand.textContent).toContain("red.png");
  });
});

describe("walking", () => {
  test("a click walks on, and back and forward walk the way here", async () => {
    openExplorer();
    await found(3);
    const next = rowOf(0);
    walkOf(0).click();
    expect(view.store.get("query")).toEqual({ kind: "item", row: next });
    const [back, forth] = view.el.querySelectorAll<HTMLButtonElement>(".es-trail .es-tool");
    expect(forth?.disabled).toBe(true);
    back?.click();
    expect(view.store.get("query")).toEqual({ kind: "item", row: 3 });
    expect(back?.disabled).toBe(true);
    forth?.click();
    expect(view.store.get("query")).toEqual({ kind: "item", row: next });
    const steps = [...view.el.querySelectorAll<HTMLElement>(".es-step")];
    await soon(() => expect(steps[0]?.textContent).toBe(text(3).title));
    steps[0]?.click();
    expect(view.store.get("query")).toEqual({ kind: "item", row: 3 });
  });

  test("arrows move through the cards, O opens, Backspace walks back, and the focus stays in the list", async () => {
    openExplorer();
    await found(3);
    walkOf(0).focus();
    press(walkOf(0), "ArrowDown");
    expect(document.activeElement).toBe(walkOf(1));
    expect(
      cards()
        .map((card) => card.querySelector("button")?.tabIndex)
        .filter((stop) => stop === 0),
    ).toHaveLength(1);
    press(walkOf(1), "End");
    expect(document.activeElement).toBe(walkOf(11));
    press(walkOf(11), "ArrowDown");
    expect(document.activeElement).toBe(walkOf(11));
    press(walkOf(11), "Home");
    press(walkOf(0), "o");
    expect(view.store.get("opened")).toBe(rowOf(0));
    view.store.set("opened", -1);
    const before = rowOf(0);
    walkOf(0).click();
    await soon(() => expect(rowOf(0)).not.toBe(before));
    expect(document.activeElement).toBe(walkOf(0));
    press(walkOf(0), "Backspace");
    expect(view.store.get("query")).toEqual({ kind: "item", row: 3 });
    press(walkOf(0), "ArrowRight", { altKey: true });
    expect(view.store.get("query")).toEqual({ kind: "item", row: before });
    press(walkOf(0), "ArrowLeft", { altKey: true });
    expect(view.store.get("query")).toEqual({ kind: "item", row: 3 });
  });

  test("the card under the pointer is the point under the pointer", async () => {
    openExplorer();
    await found(3);
    walkOf(2).dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    expect(view.store.get("hover")).toBe(rowOf(2));
    view.el.querySelector(".es-nears")?.dispatchEvent(new PointerEvent("pointerleave"));
    expect(view.store.get("hover")).toBe(-1);
  });
});

describe("what is fetched", () => {
  test("only cards in sight ask for their content, many at a time", async () => {
    const asked: number[][] = [];
    openExplorer({ traits: { n_neighbors: 50 } }, { item: payload });
    const fetch = vi.spyOn(StaticSource.prototype, "payload").mockImplementation(async (rows) => {
      asked.push([...rows]);
      return rows.map(payload);
    });
    try {
      await found(3, 50);
      const list = view.el.querySelector(".es-nears") as HTMLElement;
      await soon(() => expect(cards()[0]?.textContent).toContain("launch window"));
      const many = (): number => asked.filter((rows) => rows.length > 1 || rows[0] !== 3).flat().length;
      expect(many()).toBeLessThan(20);
      expect(Math.max(...asked.map((rows) => rows.length))).toBeLessThanOrEqual(64);
      list.scrollTop = list.scrollHeight;
      await soon(() => expect(cards()[49]?.textContent).toContain("launch window"));
      expect(many()).toBeLessThan(50);
    } finally {
      fetch.mockRestore();
    }
  });

  test("thumbnails that come move nothing, and closing gives their addresses back", async () => {
    const live = new Set<string>();
    const make = vi.spyOn(URL, "createObjectURL");
    const drop = vi.spyOn(URL, "revokeObjectURL");
    const canvas = new OffscreenCanvas(96, 60);
    canvas.getContext("2d")?.fillRect(0, 0, 96, 60);
    const thumbnail = await canvas.convertToBlob();
    openExplorer(
      { traits: { universe: { n: 2000, modality: "image", title: "Signs", facts: "" } } },
      { item: (row) => ({ ...payload(row), text: null, thumbnail }) },
    );
    ask(view.store, { kind: "item", row: 3 });
    await soon(() => expect(cards()).toHaveLength(12));
    const height = cards()[0]?.offsetHeight;
    await soon(() => expect(cards()[0]?.querySelector("img")?.naturalWidth).toBe(96));
    expect(cards()[0]?.offsetHeight).toBe(height);
    view.close();
    for (const { value } of make.mock.results) live.add(String(value));
    for (const [url] of drop.mock.calls) live.delete(url);
    expect(make.mock.calls.length).toBeGreaterThan(3);
    expect(live.size).toBe(0);
    expect(view.store.listenerCount).toBe(0);
    make.mockRestore();
    drop.mockRestore();
  });
});
