import { afterEach, describe, expect, test, vi } from "vitest";
import { fileName } from "../src/panes/table/download";
import { barEnd, explained, times } from "../src/panes/table/shares";
import type { Action, Composition, TablePage, TableView } from "../src/source/source";
import { answersOf, close, openExplorer, soon, view } from "./explorer";

afterEach(close);

function rows(): HTMLElement[] {
  return [...view.el.querySelectorAll<HTMLElement>(".es-row")];
}

function cells(place: number): string[] {
  return [...(rows()[place]?.querySelectorAll("td") ?? [])].slice(1).map((cell) => cell.textContent ?? "");
}

function select(count: number, step = 1): void {
  view.store.set(
    "selection",
    Uint32Array.from({ length: count }, (_, i) => i * step),
  );
}

function heading(title: string): HTMLElement {
  const all = [...view.el.querySelectorAll<HTMLElement>("th")];
  return all.find((node) => node.textContent === title) as HTMLElement;
}

function bar(): HTMLElement {
  return view.el.querySelector(".es-table-bar") as HTMLElement;
}

function pop(label: string): HTMLElement {
  const buttons = [...view.el.querySelectorAll<HTMLElement>(".es-popper")];
  const button = buttons.find((node) => node.textContent?.startsWith(label)) as HTMLElement;
  button.click();
  return button.nextElementSibling as HTMLElement;
}

function fill(input: HTMLInputElement | null | undefined, value: string): void {
  if (!input) throw new Error("there is no such field");
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function press(target: Element | null, key: string): void {
  target?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

describe("the rows", () => {
  test("with nothing selected there is a word of how to select", () => {
    openExplorer();
    expect(bar().textContent).toContain("Draw a lasso (L) or a box (B) on the map");
    expect(view.el.querySelector<HTMLElement>(".es-table-body")?.hidden).toBe(true);
    expect(view.el.querySelector<HTMLElement>(".es-popper")?.offsetParent).toBeNull();
  });

  test("the selected items stand there, more of them on demand", async () => {
    openExplorer();
    select(120);
    await soon(() => expect(rows()).toHaveLength(50));
    expect(bar().textContent).toContain("120 selected · 6 %");
    expect(cells(0)[0]).toBe("item-0");
    const list = view.el.querySelector(".es-rows") as HTMLElement;
    list.scrollTop = list.scrollHeight;
    await soon(() => expect(rows()).toHaveLength(100));
    list.scrollTop = list.scrollHeight;
    await soon(() => expect(rows()).toHaveLength(120));
    expect(view.el.querySelector<HTMLElement>(".es-more")?.hidden).toBe(true);
    expect(new Set(rows().map(({ dataset }) => dataset.row)).size).toBe(120);
  });

  test("a header sorts up, down, and not at all", async () => {
    openExplorer();
    select(40);
    await soon(() => expect(rows()).toHaveLength(40));
    const lengths = (): number[] => rows().map((_, i) => Number(cells(i)[3]));
    const up = lengths().sort((a, b) => a - b);
    const click = (): void => heading("Length").querySelector("button")?.click();
    click();
    expect(heading("Length").getAttribute("aria-sort")).toBe("ascending");
    await soon(() => expect(lengths()).toEqual(up));
    click();
    expect(heading("Length").getAttribute("aria-sort")).toBe("descending");
    await soon(() => expect(lengths()).toEqual(up.toReversed()));
    click();
    expect(heading("Length").getAttribute("aria-sort")).toBe("none");
    await soon(() => expect(cells(1)[0]).toBe("item-1"));
  });

  test("a filter narrows the rows, keeps the focus while one types, and goes with its line", async () => {
    openExplorer();
    select(60);
    await soon(() => expect(rows()).toHaveLength(50));
    const funnel = view.el.querySelector("[title='Filter the rows']") as HTMLElement;
    funnel.click();
    const field = view.el.querySelector<HTMLInputElement>("[aria-label='Filter Id']");
    expect(document.activeElement).toBe(field);
    fill(field, "item-1");
    await soon(() => expect(rows()).toHaveLength(11));
    expect(document.activeElement).toBe(field);
    expect(bar().textContent).toContain("11 pass the filters");
    fill(field, "nothing at all");
    await soon(() =>
      expect(view.el.querySelector(".es-rows")?.textContent).toContain("No item passes the filters."),
    );
    funnel.click();
    await soon(() => expect(rows()).toHaveLength(50));
    expect(bar().textContent).not.toContain("the filters");
  });

  test("a comparison is asked for once its number is there", async () => {
    const asked: Record<string, string>[] = [];
    openExplorer(
      {},
      {
        table: async (_rows, { filters }) => {
          asked.push(filters);
          const columns = [{ name: "length", title: "Length", numeric: true }];
          return { columns, rows: [{ row: 1, cells: ["4"] }], total: 1 };
        },
      },
    );
    select(5);
    await soon(() => expect(rows()).toHaveLength(1));
    (view.el.querySelector("[title='Filter the rows']") as HTMLElement).click();
    const field = view.el.querySelector<HTMLInputElement>("[aria-label='Filter Length']");
    fill(field, ">");
    await soon(() => expect(asked).toHaveLength(2));
    fill(field, "> 3");
    await soon(() => expect(asked).toHaveLength(3));
    expect(asked).toEqual([{}, {}, { length: "> 3" }]);
  });

  test("a click walks to the neighbours, a double click opens, hovering shows, and keys do the same", async () => {
    openExplorer();
    select(40, 3);
    await soon(() => expect(rows()).toHaveLength(40));
    rows()[2]?.click();
    expect(view.store.get("query")).toEqual({ kind: "item", row: 6 });
    rows()[1]?.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    expect(view.store.get("hover")).toBe(3);
    rows()[1]?.dispatchEvent(new MouseEvent("dblclick", { bubbles: true }));
    expect(view.store.get("opened")).toBe(3);
    view.store.set("opened", -1);
    rows()[0]?.focus();
    press(document.activeElement, "ArrowDown");
    expect(document.activeElement).toBe(rows()[1]);
    expect(rows().filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    press(document.activeElement, "Enter");
    expect(view.store.get("query")).toEqual({ kind: "item", row: 3 });
    press(document.activeElement, "o");
    expect(view.store.get("opened")).toBe(3);
    view.store.set("opened", -1);
    rows()[3]?.querySelector("button")?.click();
    expect(view.store.get("opened")).toBe(9);
    expect(view.store.get("query")).toEqual({ kind: "item", row: 3 });
  });

  test("an answer about rows that are not selected any more is not shown, and its request is cancelled", async () => {
    const asked: { count: number; signal: AbortSignal | undefined; answer: (page: TablePage) => void }[] = [];
    openExplorer(
      {},
      {
        table: (chosen, _view, signal) =>
          new Promise((resolve) => asked.push({ count: chosen.length, signal, answer: resolve })),
      },
    );
    select(10);
    await soon(() => expect(asked).toHaveLength(1));
    select(20);
    await soon(() => expect(asked).toHaveLength(2));
    expect(asked[0]?.signal?.aborted).toBe(true);
    const page = (id: string): TablePage => ({
      columns: [{ name: "id", title: "Id", numeric: false }],
      rows: [{ row: 1, cells: [id] }],
      total: 1,
    });
    asked[1]?.answer(page("new"));
    asked[0]?.answer(page("old"));
    await soon(() => expect(cells(0)).toEqual(["new"]));
  });

  test("a selection that changes quickly is asked about once, and a new label asks again", async () => {
    const views: TableView[] = [];
    const { table } = answersOf(2000);
    openExplorer(
      {},
      {
        table: async (...args) => {
          views.push(args[1]);
          if (!table) throw new Error("no table");
          return table(...args);
        },
      },
    );
    for (const count of [5, 6, 7, 8]) select(count);
    await soon(() => expect(rows()).toHaveLength(8));
    expect(views).toHaveLength(1);
    view.model.set("color_choices", [{ key: "new", title: "New", kind: "category" }]);
    await soon(() => expect(views).toHaveLength(2));
  });

  test("what went wrong stands where the rows would", async () => {
    openExplorer(
      {},
      {
        table: async () => {
          throw new Error("The column was removed.");
        },
      },
    );
    select(5);
    await soon(() =>
      expect(view.el.querySelector(".es-rows")?.textContent).toContain("The column was removed."),
    );
  });

  test("the table folds", async () => {
    openExplorer();
    select(5);
    await soon(() => expect(rows()).toHaveLength(5));
    const fold = view.el.querySelector("[title='Fold the table']") as HTMLElement;
    fold.click();
    expect(fold.getAttribute("aria-expanded")).toBe("false");
    expect(view.el.querySelector<HTMLElement>(".es-table-body")?.hidden).toBe(true);
    fold.click();
    expect(view.el.querySelector<HTMLElement>(".es-table-body")?.hidden).toBe(false);
  });
});

const COLUMN: Composition = {
  key: "cluster",
  title: "Cluster",
  more: 2,
  shares: [
    { name: "guns", color: "#d21820", count: 30, total: 120, ratio: 3.1, q_value: 1e-9 },
    { name: "space, orbit, nasa, launch", color: "#1869ff", count: 2, total: 400, ratio: 0.2, q_value: 0.3 },
  ],
};

describe("the composition", () => {
  test.each([
    [3.14, "×3.1"],
    [0.25, "×0.25"],
    [1, "×1.0"],
    [12.4, "×12"],
    [0, "×0"],
  ])("a ratio of %s reads %s", (ratio, words) => {
    expect(times(ratio)).toBe(words);
  });

  test("bars go from the middle, twice as often as far as half as often", () => {
    expect(barEnd(1)).toBe(0);
    expect(barEnd(2)).toBe(-barEnd(0.5));
    expect([barEnd(0), barEnd(1000)]).toEqual([-1, 1]);
  });

  test("the tooltip says what is tested", () => {
    const words = explained(COLUMN.shares[0] as Composition["shares"][0], COLUMN, {
      selected: 100,
      all: 2000,
    });
    expect(words).toBe(
      "guns: 30 of 100 selected, 120 of 2,000 in all (×3.1). Exact hypergeometric test, two-sided, corrected for " +
        "the 4 categories of Cluster (Benjamini–Hochberg): q = 1.0e−9.",
    );
  });

  test("what is significant stands out, and a click filters the rows by it", async () => {
    openExplorer({}, { composition: async () => [COLUMN] });
    select(50);
    await soon(() => expect(view.el.querySelectorAll(".es-share")).toHaveLength(2));
    await soon(() => expect(rows()).toHaveLength(50));
    const shares = (): HTMLElement[] => [...view.el.querySelectorAll<HTMLElement>(".es-share")];
    expect(shares().map((node) => node.classList.contains("es-clear-cut"))).toEqual([true, false]);
    expect(shares()[0]?.textContent).toBe("guns×3.130");
    expect(view.el.querySelector(".es-composition")?.textContent).toContain("and 2 more");
    shares()[1]?.click();
    const clusters = (): string[] => [...new Set(rows().map((_, i) => cells(i)[2] as string))];
    await soon(() => expect(clusters()).toEqual(["space, orbit, nasa, launch"]));
    expect(shares().map((node) => node.getAttribute("aria-pressed"))).toEqual(["false", "true"]);
    expect(view.el.querySelector<HTMLInputElement>("[aria-label='Filter Cluster']")?.value).toBe(
      "space, orbit, nasa, launch",
    );
    shares()[1]?.click();
    await soon(() => expect(rows()).toHaveLength(50));
  });

  test("without categories it says so, and a failure is said", async () => {
    let fails = false;
    openExplorer(
      {},
      {
        composition: async () => {
          if (fails) throw new Error("The kernel did not answer within 30 s.");
          return [];
        },
      },
    );
    select(5);
    const words = (): string => view.el.querySelector(".es-composition")?.textContent ?? "";
    await soon(() => expect(words()).toContain("There is no column of categories to compare by."));
    fails = true;
    select(6);
    await soon(() => expect(words()).toContain("did not answer within 30 s."));
  });
});

describe("keeping", () => {
  const SAVED = { saved_selections: [{ name: "odd ones", count: 7 }] };

  function acting(fails = false): Action[] {
    const done: Action[] = [];
    openExplorer(
      { traits: SAVED },
      {
        act: async (action) => {
          if (fails) throw new Error("There is a selection of that name.");
          done.push(action);
        },
      },
    );
    return done;
  }

  test("a selection is saved under a name, applied and deleted", async () => {
    const done = acting();
    const menu = pop("Saved 1");
    const [apply, remove] = menu.querySelectorAll("button");
    expect(apply?.textContent).toBe("odd ones7");
    remove?.click();
    apply?.click();
    await soon(() => expect(done).toHaveLength(2));
    expect(done).toEqual([
      { kind: "delete_selection", name: "odd ones" },
      { kind: "apply_selection", name: "odd ones" },
    ]);
    select(3);
    const form = pop("Save…");
    expect(document.activeElement).toBe(form.querySelector("input"));
    fill(form.querySelector("input"), "  three ");
    form.querySelector("form")?.requestSubmit();
    await soon(() => expect(form.hidden).toBe(true));
    expect(done[2]).toEqual({ kind: "save_selection", name: "three", rows: Uint32Array.of(0, 1, 2) });
  });

  test("a label goes into a column, and what is missing or wrong is said beside it", async () => {
    const done = acting();
    select(2);
    const panel = pop("Label…");
    const [column, label] = panel.querySelectorAll("input");
    fill(column, "verdict");
    panel.querySelector("form")?.requestSubmit();
    expect(panel.textContent).toContain("Label is missing.");
    expect(document.activeElement).toBe(label);
    fill(label, "wrong");
    panel.querySelector("form")?.requestSubmit();
    await soon(() => expect(done).toHaveLength(1));
    expect(done[0]).toEqual({
      kind: "label_selection",
      column: "verdict",
      label: "wrong",
      rows: Uint32Array.of(0, 1),
    });
  });

  test("what Python refuses stays in the form with its reason", async () => {
    acting(true);
    select(2);
    const panel = pop("Save…");
    fill(panel.querySelector("input"), "odd ones");
    panel.querySelector("form")?.requestSubmit();
    await soon(() => expect(panel.textContent).toContain("There is a selection of that name."));
    expect(panel.hidden).toBe(false);
    expect(panel.querySelector("input")?.value).toBe("odd ones");
  });

  test("escape and a click elsewhere close a panel", () => {
    acting();
    select(2);
    const panel = pop("Save…");
    press(panel.querySelector("input"), "Escape");
    expect(panel.hidden).toBe(true);
    expect(document.activeElement?.textContent).toBe("Save…");
    expect(view.store.get("selection")).toHaveLength(2);
    pop("Save…");
    view.el.querySelector(".es-title")?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    expect(panel.hidden).toBe(true);
  });

  test.each(["CSV", "JSON", "Parquet"])("an export as %s is a file to save", async (title) => {
    const links: HTMLAnchorElement[] = [];
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      links.push(this);
    });
    const dropped = vi.spyOn(URL, "revokeObjectURL");
    openExplorer();
    select(4);
    const list = [...pop("Export").querySelectorAll("button")];
    list.find(({ textContent }) => textContent === title)?.click();
    await soon(() => expect(links).toHaveLength(1));
    const [link] = links as [HTMLAnchorElement];
    expect(link.download).toBe(`20-Newsgroups.${title.toLowerCase()}`);
    expect(await (await fetch(link.href)).text()).toBe(`${title.toLowerCase()} of 4`);
    view.close();
    expect(dropped).toHaveBeenCalledWith(link.href);
    clicked.mockRestore();
    dropped.mockRestore();
  });

  test("a file's name holds nothing that a file system refuses", () => {
    expect(fileName("../../a b:c\u202e.csv")).toBe("a-b-c-.csv");
    expect(fileName("///")).toBe("selection");
  });
});

test("closing leaves no listener on the store, and nothing that still asks", async () => {
  let asked = 0;
  openExplorer(
    {},
    {
      table: async () => {
        asked++;
        return { columns: [], rows: [], total: 0 };
      },
    },
  );
  select(3);
  view.close();
  expect(view.store.listenerCount).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(asked).toBe(0);
});
