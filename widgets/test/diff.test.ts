import { afterEach, describe, expect, test, vi } from "vitest";
import type { Change, Changes } from "../src/source/source";
import { ask } from "../src/walk";
import { changesOf, close, FACTS, openDiff, view } from "./diff_view";
import { soon, text } from "./explorer";

afterEach(close);

const QUERY = { kind: "item", row: 40 } as const;

function cards(side: "teacher" | "student"): HTMLElement[] {
  return [...view.el.querySelectorAll<HTMLElement>(`.es-compact[data-side=${side}]:not([hidden])`)];
}

function rows(side: "teacher" | "student"): number[] {
  return cards(side).map(({ dataset }) => Number(dataset.row));
}

function walkOf(card: Element | undefined): HTMLButtonElement {
  return card?.querySelector(".es-near-walk") as HTMLButtonElement;
}

function words(part: string): string {
  return view.el.querySelector(part)?.textContent ?? "";
}

function shapeOf(node: Element | null | undefined): string {
  return node?.querySelector(".es-change path")?.getAttribute("d") ?? "";
}

function press(key: string, init: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  document.activeElement?.dispatchEvent(event);
}

async function found(query: Parameters<typeof ask>[1] = QUERY, k = 12): Promise<void> {
  ask(view.store, query);
  await soon(() => expect(cards("teacher")).toHaveLength(k));
}

/** Changes of each kind, few enough to tell by heart. */
function few(note = ""): Changes {
  return {
    k: 3,
    rows: [10, 11, 12, 13],
    changes: ["kept", "re-ranked", "lost", "gained"],
    teacherRanks: [1, 2, 3, null],
    studentRanks: [1, 3, 1047, 2],
    teacherDistances: [0.1, 0.2, 0.4, 0.5],
    studentDistances: [0.2, 0.4, 0.9, 0.3],
    recall: 2 / 3,
    note,
  };
}

describe("what became of the neighbours", () => {
  test("both rankings stand side by side, nearest first, under the spaces' names", async () => {
    openDiff();
    await found();
    const { rows: all, studentRanks, teacherRanks } = changesOf(QUERY, 12, [0, 0]);
    const ranked = (ranks: (number | null)[]): number[] =>
      all
        .map((row, i) => ({ row, rank: ranks[i] ?? 0 }))
        .filter(({ rank }) => rank <= 12)
        .sort((a, b) => a.rank - b.rank)
        .map(({ row }) => row);
    expect(rows("teacher")).toEqual(ranked(teacherRanks));
    expect(rows("student")).toEqual(ranked(studentRanks));
    const heads = [...view.el.querySelectorAll(".es-diff-side")].map((head) =>
      [...head.children].map(({ textContent }) => textContent),
    );
    expect(heads).toEqual([
      ["all-MiniLM-L6-v2", "384 dims · cosine"],
      ["wordllama", "256 dims · cosine"],
    ]);
    await soon(() =>
      expect(cards("teacher")[0]?.textContent).toContain(text(rows("teacher")[0] as number).title),
    );
    expect(cards("teacher")[0]?.querySelector(".es-value-name")?.textContent).not.toBe("");
  });

  test("one line counts the changes, and each has one colour and one shape in line, cards and gutter", async () => {
    openDiff({ changes: async () => few() });
    await found(QUERY, 3);
    expect(words(".es-diff-verdict")).toBe(
      "of 3 neighbours 1 kept, 1 re-ranked, 1 lost, 1 gained · recall 0.67",
    );
    const kinds: Change[] = ["kept", "re-ranked", "lost", "gained"];
    const seen = kinds.map((change) => {
      const legend = view.el.querySelector(`[data-became="${change}"]`) as HTMLElement;
      const marked = [...view.el.querySelectorAll<HTMLElement>(`.es-compact[data-change="${change}"]`)];
      expect(marked).toHaveLength(change === "lost" || change === "gained" ? 1 : 2);
      const color = getComputedStyle(legend).color;
      for (const card of marked) {
        expect(shapeOf(card)).toBe(shapeOf(legend));
        const mark = card.querySelector(".es-change") as SVGElement;
        expect(getComputedStyle(mark).stroke).toBe(color);
        expect(mark.getAttribute("aria-label")).toBe(change);
      }
      const line = view.el.querySelector(`.es-joins [data-change="${change}"]`) as SVGElement;
      expect(getComputedStyle(line).stroke).toBe(color);
      return { color, shape: shapeOf(legend) };
    });
    expect(new Set(seen.map(({ color }) => color)).size).toBe(4);
    expect(new Set(seen.map(({ shape }) => shape)).size).toBe(4);
  });

  test("what is lost or gained says where it went, and bars are relative to the farthest of their side", async () => {
    openDiff({ changes: async () => few() });
    await found(QUERY, 3);
    const there = (side: "teacher" | "student"): string[] =>
      cards(side).map((card) => card.querySelector(".es-diff-there")?.textContent ?? "");
    expect(there("teacher")).toEqual(["", "rank 3 there", "rank 1,047 there"]);
    expect(there("student")).toEqual(["", "past 3 there", "rank 2 there"]);
    const bars = (side: "teacher" | "student"): string[] =>
      cards(side).map((card) => (card.querySelector(".es-near-bar > span") as HTMLElement).style.width);
    expect(bars("teacher")).toEqual(["25%", "50%", "100%"]);
    expect(bars("student")).toEqual(["50%", "75%", "100%"]);
  });

  test("lines join the same item's cards, level where the ranks are", async () => {
    openDiff({ changes: async () => few() });
    await found(QUERY, 3);
    const path = (row: number): SVGPathElement =>
      view.el.querySelector(`.es-joins [data-joins="${row}"]`) as SVGPathElement;
    const ends = (row: number): DOMPoint[] => [
      path(row).getPointAtLength(0),
      path(row).getPointAtLength(path(row).getTotalLength()),
    ];
    const top = (view.el.querySelector(".es-diff-grid") as HTMLElement).getBoundingClientRect().top;
    const middle = (card: HTMLElement | undefined): number => {
      const box = (card as HTMLElement).getBoundingClientRect();
      return box.top + box.height / 2 - top;
    };
    const [from, to] = ends(11);
    expect(from?.y).toBeCloseTo(middle(cards("teacher")[1]), 0);
    expect(to?.y).toBeCloseTo(middle(cards("student")[2]), 0);
    const [level, same] = ends(10);
    expect(level?.y).toBe(same?.y);
    expect(path(12).getTotalLength()).toBeLessThan(path(10).getTotalLength() / 2);
    expect(path(13).getPointAtLength(0).x).toBe(same?.x);
  });

  test("only changes can be shown, and where nothing changed words say so", async () => {
    let changes = few();
    openDiff({ changes: async () => changes });
    await found(QUERY, 3);
    const [all, only] = view.el.querySelectorAll<HTMLButtonElement>(".es-diff-filter button");
    only?.click();
    expect(rows("teacher")).toEqual([11, 12]);
    expect(rows("student")).toEqual([13, 11]);
    expect(view.el.querySelector('.es-joins [data-joins="10"]')).toBeNull();
    expect(only?.getAttribute("aria-pressed")).toBe("true");
    changes = {
      ...few(),
      rows: [10],
      changes: ["kept"],
      k: 1,
      recall: 1,
      teacherRanks: [1],
      studentRanks: [1],
      teacherDistances: [0.1],
      studentDistances: [0.1],
    };
    ask(view.store, { kind: "item", row: 5 });
    await soon(() =>
      expect(words(".es-near-state")).toBe("Nothing changed: the same neighbours at the same ranks."),
    );
    all?.click();
    expect(rows("teacher")).toEqual([10]);
    expect(words(".es-near-state")).toBe("");
  });
});

describe("walking", () => {
  test("a click walks on, all of both can be selected, and letting go says what to do", async () => {
    openDiff();
    await found();
    const next = rows("student")[0] as number;
    const both = new Set([...rows("teacher"), ...rows("student")]);
    const [choose, , letGo] = view.el.querySelectorAll<HTMLButtonElement>(".es-at-hand-actions button");
    expect(choose?.textContent).toBe(`Select these ${both.size}`);
    choose?.click();
    expect([...view.store.get("selection")]).toEqual([...both].sort((a, b) => a - b));
    walkOf(cards("student")[0]).click();
    expect(view.store.get("query")).toEqual({ kind: "item", row: next });
    await soon(() => expect(words(".es-at-hand")).toContain(text(next).title));
    letGo?.click();
    expect(words(".es-near-state")).toMatch(/^Click a point or a heatmap cell, or search/);
    expect(cards("teacher")).toHaveLength(0);
    expect((view.el.querySelector(".es-diff-verdict") as HTMLElement).offsetHeight).toBe(0);
  });

  test("up and down walk within a column, left and right follow the line, and Backspace walks back", async () => {
    openDiff({ changes: async () => few() });
    ask(view.store, { kind: "item", row: 7 });
    await found(QUERY, 3);
    walkOf(cards("teacher")[0]).focus();
    press("ArrowDown");
    expect(document.activeElement).toBe(walkOf(cards("teacher")[1]));
    press("ArrowRight");
    expect(document.activeElement).toBe(walkOf(cards("student")[2]));
    press("ArrowLeft");
    expect(document.activeElement).toBe(walkOf(cards("teacher")[1]));
    press("End");
    press("ArrowDown");
    expect(document.activeElement).toBe(walkOf(cards("teacher")[2]));
    // Lost: there is no line to follow.
    press("ArrowRight");
    expect(document.activeElement).toBe(walkOf(cards("student")[2]));
    press("Home");
    expect(document.activeElement).toBe(walkOf(cards("student")[0]));
    expect([...view.el.querySelectorAll<HTMLElement>('.es-near-walk[tabindex="0"]')]).toHaveLength(1);
    press("o");
    expect(view.store.get("opened")).toBe(10);
    view.store.set("opened", -1);
    walkOf(cards("student")[0]).focus();
    press("ArrowLeft", { altKey: true });
    expect(view.store.get("query")).toEqual({ kind: "item", row: 7 });
    press("ArrowRight", { altKey: true });
    expect(view.store.get("query")).toEqual(QUERY);
    press("Backspace");
    expect(view.store.get("query")).toEqual({ kind: "item", row: 7 });
  });

  test("after a step the focus stays in its column", async () => {
    openDiff();
    await found();
    const before = rows("student")[1];
    walkOf(cards("student")[1]).focus();
    walkOf(cards("student")[1]).click();
    await soon(() => expect(rows("student")).not.toContain(before));
    expect(document.activeElement).toBe(walkOf(cards("student")[0]));
  });

  test("the card under the pointer, its twin and their line light up, and so does the point on the map", async () => {
    openDiff({ changes: async () => few() });
    await found(QUERY, 3);
    const lit = (): (string | undefined)[] =>
      [...view.el.querySelectorAll<HTMLElement>(".es-compact.es-lit")].map(({ dataset }) => dataset.side);
    const lines = (): (string | null)[] =>
      [...view.el.querySelectorAll(".es-joins .es-lit")].map((path) => path.getAttribute("data-joins"));
    walkOf(cards("teacher")[1]).dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    expect(view.store.get("hover")).toBe(11);
    expect(lit()).toEqual(["teacher", "student"]);
    expect(lines()).toEqual(["11"]);
    view.el.querySelector(".es-diff-grid")?.dispatchEvent(new PointerEvent("pointerleave"));
    expect(view.store.get("hover")).toBe(-1);
    expect([...lit(), ...lines()]).toEqual([]);
    // The pointer is at a point of the map.
    view.store.set("hover", 13);
    expect(lit()).toEqual(["student"]);
  });
});

describe("asking", () => {
  test("words are asked for too, and a side that cannot read them says why", async () => {
    openDiff({
      changes: async (query) => {
        if (query.kind === "text")
          throw new Error("wordllama was loaded without its encoder: give encoder=.");
        return few();
      },
    });
    await found(QUERY, 3);
    ask(view.store, { kind: "text", text: "rockets" });
    await soon(() =>
      expect(words(".es-near-state")).toBe("wordllama was loaded without its encoder: give encoder=."),
    );
    expect(view.el.querySelector(".es-near-state.es-bad")).not.toBeNull();
    expect(cards("teacher")).toHaveLength(0);
    expect(words(".es-at-hand")).toContain("“rockets”");
    await found(QUERY, 3);
    expect(words(".es-near-state")).toBe("");
  });

  test("another query or another k cancels what is asked; the last neighbours stay, dimmed, until others come", async () => {
    const asked: {
      row: number;
      k: number;
      signal: AbortSignal | undefined;
      answer(changes: Changes): void;
    }[] = [];
    openDiff({
      changes: (query, k, _dims, signal) =>
        new Promise((answer) => {
          asked.push({ row: query.kind === "item" ? query.row : -1, k, signal, answer });
        }),
    });
    ask(view.store, QUERY);
    expect(words(".es-near-state")).toBe("Looking for neighbours in both…");
    asked[0]?.answer(few("Only part of them are known."));
    await soon(() => expect(cards("teacher")).toHaveLength(3));
    expect(words(".es-near-note")).toBe("Only part of them are known.");
    ask(view.store, { kind: "item", row: 5 });
    view.store.set("nNeighbors", 25);
    expect(asked.map(({ row, k }) => [row, k])).toEqual([
      [40, 12],
      [5, 12],
      [5, 25],
    ]);
    expect(asked[1]?.signal?.aborted).toBe(true);
    expect(asked[2]?.signal?.aborted).toBe(false);
    expect(view.el.querySelector(".es-diff-columns.es-waiting")).not.toBeNull();
    expect(cards("teacher")).toHaveLength(3);
    view.store.set("busy", true);
    expect(words(".es-near-state")).toBe("The kernel is busy; waiting for it…");
    view.store.set("busy", false);
    // The late answer of a cancelled request changes nothing.
    asked[1]?.answer({ ...few(), k: 99 });
    asked[2]?.answer({ ...few(), k: 25 });
    await soon(() => expect(words(".es-diff-verdict")).toMatch(/^of 25/));
    expect(view.el.querySelector(".es-waiting")).toBeNull();
    view.close();
    expect(view.store.listenerCount).toBe(0);
  });

  test("closing cancels what is asked", async () => {
    let signal: AbortSignal | undefined;
    openDiff({
      changes: (_query, _k, _dims, own) => {
        signal = own;
        return new Promise(() => undefined);
      },
    });
    ask(view.store, QUERY);
    expect(signal?.aborted).toBe(false);
    view.close();
    expect(signal?.aborted).toBe(true);
  });

  test("a payload that both columns show is asked for once", async () => {
    const asked: number[][] = [];
    const { StaticSource } = await import("../src/source/static");
    const fetch = vi.spyOn(StaticSource.prototype, "payload").mockImplementation(async (wanted) => {
      asked.push([...wanted]);
      return wanted.map(text);
    });
    try {
      openDiff({ changes: async () => few() });
      await found(QUERY, 3);
      await soon(() => expect(cards("student")[2]?.textContent).toContain(text(11).title));
      const many = asked.filter((wanted) => wanted.length > 1).flat();
      expect(many.length).toBe(new Set(many).size);
    } finally {
      fetch.mockRestore();
    }
  });
});

test("without names the sides are called teacher and student", async () => {
  const { names: _names, ...facts } = FACTS;
  openDiff({ changes: async () => few() }, { traits: { comparison: facts } });
  await found(QUERY, 3);
  expect([...view.el.querySelectorAll(".es-diff-side-name")].map(({ textContent }) => textContent)).toEqual([
    "Teacher",
    "Student",
  ]);
});
