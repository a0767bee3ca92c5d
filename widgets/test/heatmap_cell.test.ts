import axe from "axe-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import type { AnchorTerms, HeatmapCell, Payload } from "../src/source/source";
import { close, view } from "./driver";
import { soon, text } from "./explorer";
import { cellOf, heatmapOf, openHeatmap, termsOf } from "./heatmap_data";
import {
  anchors,
  choose,
  clickCell,
  grid,
  hoverCell,
  painted,
  press,
  toggleOf,
  walkOf,
  words,
} from "./heatmap_driver";
import { payload } from "./synthetic";

afterEach(close);

async function openCell(row = 3, column = 4): Promise<void> {
  await painted();
  clickCell(row, column);
  await soon(() => expect(anchors().length).toBeGreaterThan(0));
}

describe("a cell", () => {
  test("under the pointer is named, with its value, its share of the row and its anchors", async () => {
    openHeatmap();
    await painted();
    hoverCell(3, 4);
    expect(words(".es-heat-pair")).toBe("comp.sys.ibm.pc.hardware → comp.sys.mac.hardware");
    expect(words(".es-heat-readout")).toMatch(/[\d.]+ nats · −?[\d.]+ % of the row · 511 anchors$/);
    const cell = view.el.querySelector('[role="gridcell"]') as HTMLElement;
    expect(cell.dataset).toMatchObject({ row: "3", column: "4" });
    grid().dispatchEvent(new PointerEvent("pointerleave"));
    expect(words(".es-heat-readout")).toBe("A row sums to its group’s mean KL, at the right.");
    expect(view.el.querySelector(".es-heat-here")?.checkVisibility()).toBe(false);
  });

  test("that is clicked selects its worst anchors, asks for the first, and lists them", async () => {
    const cell = vi.fn(async (at: { row: number; column: number }) => cellOf(at));
    openHeatmap({ cell });
    await openCell();
    const { rows } = cellOf({ row: 3, column: 4 });
    expect(cell.mock.calls[0]?.[0]).toEqual({ by: "label", bandwidth: "perplexity:30", row: 3, column: 4 });
    expect(view.store.get("cell")).toEqual({ by: "label", row: 3, column: 4 });
    expect([...view.store.get("selection")]).toEqual(rows);
    expect(view.store.get("query")).toEqual({ kind: "item", row: rows[0] });
    expect(anchors().map(({ dataset }) => Number(dataset.row))).toEqual(rows);
    expect(words(".es-heat-panel-title:not(.es-heat-panel[hidden] *)")).toBe(
      "comp.sys.ibm.pc.hardware → comp.sys.mac.hardware",
    );
    await soon(() => expect(anchors()[0]?.textContent).toContain(text(rows[0] as number).title));
    const bars = [...view.el.querySelectorAll<HTMLElement>(".es-heat-anchors .es-heat-track > span")];
    expect(bars[0]?.style.width).toBe("100%");
    expect(Number.parseFloat(bars[11]?.style.width ?? "")).toBeCloseTo(100 * 0.82 ** 11, 1);
    expect(anchors()[0]?.querySelector(".es-heat-nats")?.textContent).toBe("1.90 nats");
    // The outline stays where the cell is, also in another order.
    const outline = view.el.querySelector(".es-heat-open") as HTMLElement;
    const before = outline.style.top;
    choose("Order of the groups", "name");
    expect(outline.style.top).not.toBe(before);
  });

  test("of the largest can be opened from their list", async () => {
    openHeatmap();
    await painted();
    const { layers } = heatmapOf("label", "perplexity:30", "contribution");
    const values = layers.contribution ?? new Float32Array(0);
    const place = values.indexOf(Math.max(...values));
    (view.el.querySelector(".es-heat-line") as HTMLElement).click();
    expect(view.store.get("cell")).toEqual({ by: "label", row: Math.floor(place / 20), column: place % 20 });
    expect(view.el.querySelector(".es-heat-cells")?.checkVisibility()).toBe(false);
  });

  test("is shared: one that another view opens is listed here, and selects nothing anew", async () => {
    openHeatmap();
    await painted();
    view.store.set("cell", { by: "label", row: 1, column: 2 });
    await soon(() => expect(anchors()).toHaveLength(12));
    expect(view.store.get("selection")).toHaveLength(0);
    expect(view.store.get("query")).toBeNull();
    view.store.set("groupBy", "cluster");
    expect(view.store.get("cell")).toBeNull();
    expect(anchors()).toHaveLength(0);
  });

  test("stays open under another bandwidth, with the anchors of that", async () => {
    const asked: string[] = [];
    openHeatmap({
      cell: async (at) => {
        asked.push(at.bandwidth);
        return cellOf(at);
      },
    });
    await openCell();
    view.store.set("selection", new Uint32Array(0));
    choose("Bandwidth", "mean:0.25");
    await soon(() => expect(asked).toEqual(["perplexity:30", "mean:0.25"]));
    await soon(() => expect(anchors()).toHaveLength(12));
    expect(view.store.get("selection")).toHaveLength(0);
  });

  test("without anchors, and one that cannot be opened, are said", async () => {
    let fails = false;
    openHeatmap({
      cell: async (): Promise<HeatmapCell> => {
        if (fails) throw new Error("The heatmap is no longer kept.");
        return { rows: [], contributions: [] };
      },
    });
    await painted();
    clickCell(1, 1);
    await soon(() => expect(words(".es-heat-panel-words")).toBe("No anchor was looked at here."));
    expect(view.store.get("query")).toBeNull();
    fails = true;
    clickCell(1, 2);
    await soon(() => expect(words(".es-heat-panel-words")).toBe("The heatmap is no longer kept."));
  });

  test("whose answer comes after another was opened is not shown", async () => {
    const answers: ((cell: HeatmapCell) => void)[] = [];
    openHeatmap({ cell: () => new Promise((resolve) => answers.push(resolve)) });
    await painted();
    clickCell(1, 1);
    clickCell(2, 2);
    answers[1]?.({ rows: [9], contributions: [1] });
    await soon(() => expect(anchors()).toHaveLength(1));
    answers[0]?.({ rows: [5, 6], contributions: [1, 1] });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(anchors().map(({ dataset }) => dataset.row)).toEqual(["9"]);
    expect([...view.store.get("selection")]).toEqual([9]);
  });
});

describe("an anchor", () => {
  test("is walked to by a click, and hovering shows it on the maps", async () => {
    openHeatmap();
    await openCell();
    const second = anchors()[1] as HTMLElement;
    walkOf(second).click();
    expect(view.store.get("query")).toEqual({ kind: "item", row: Number(second.dataset.row) });
    expect(view.store.get("trail")).toHaveLength(2);
    walkOf(second).dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    expect(view.store.get("hover")).toBe(Number(second.dataset.row));
    view.el.querySelector(".es-heat-anchors")?.dispatchEvent(new PointerEvent("pointerleave"));
    expect(view.store.get("hover")).toBe(-1);
  });

  test("opens to its terms among the cell's items: p, q, what they add, lost or gained; asked for once", async () => {
    const anchor = vi.fn(async (at: { row: number; group: number | null }) => termsOf(at));
    openHeatmap({ anchor });
    await openCell();
    const first = anchors()[0] as HTMLElement;
    const row = Number(first.dataset.row);
    toggleOf(first).click();
    expect(toggleOf(first).getAttribute("aria-expanded")).toBe("true");
    await soon(() => expect(first.querySelectorAll(".es-heat-term")).toHaveLength(8));
    const at = { by: "label", bandwidth: "perplexity:30", row, group: 4 };
    expect(anchor.mock.calls[0]?.[0]).toEqual(at);
    const figures = [...first.querySelectorAll(".es-heat-figures")].map((line) => line.textContent);
    expect(figures[0]).toBe("▼lost0.11 → 0.0040.400");
    expect(figures[2]).toBe("▲gained0.0081 → 0.057−0.013");
    expect(first.textContent).toContain("Of its KL of 2.31 nats");
    await soon(() =>
      expect(first.querySelector(".es-heat-term")?.textContent).toContain(text(row + 11).title),
    );
    walkOf(first.querySelector(".es-heat-term") as Element).click();
    expect(view.store.get("query")).toEqual({ kind: "item", row: row + 11 });
    toggleOf(first).click();
    expect(first.querySelector(".es-heat-term")?.checkVisibility()).toBe(false);
    toggleOf(first).click();
    expect(anchor).toHaveBeenCalledTimes(1);
  });

  test("whose terms cannot be had says so, and asks again when it is opened again", async () => {
    let fails = true;
    openHeatmap({
      anchor: async (at): Promise<AnchorTerms> => {
        if (fails) throw new Error("No such row.");
        return termsOf(at);
      },
    });
    await openCell();
    const first = anchors()[0] as HTMLElement;
    toggleOf(first).click();
    await soon(() => expect(first.querySelector(".es-heat-terms")?.textContent).toBe("No such row."));
    fails = false;
    toggleOf(first).click();
    toggleOf(first).click();
    await soon(() => expect(first.querySelectorAll(".es-heat-term")).toHaveLength(8));
  });

  test("of images has its thumbnail, whose address is given back", async () => {
    const make = vi.spyOn(URL, "createObjectURL");
    const drop = vi.spyOn(URL, "revokeObjectURL");
    const canvas = new OffscreenCanvas(96, 60);
    canvas.getContext("2d")?.fillRect(0, 0, 96, 60);
    const thumbnail = await canvas.convertToBlob();
    openHeatmap(
      { item: (row) => ({ ...payload(row), text: null, thumbnail }) },
      { traits: { universe: { n: 4000, modality: "image", title: "Signs", facts: "" } } },
    );
    await openCell();
    const height = anchors()[0]?.offsetHeight;
    await soon(() => expect(anchors()[0]?.querySelector("img")?.naturalWidth).toBe(96));
    expect(anchors()[0]?.offsetHeight).toBe(height);
    view.close();
    const live = new Set(make.mock.results.map(({ value }) => String(value)));
    expect(live.size).toBe(12);
    for (const [url] of drop.mock.calls) live.delete(url);
    expect(live.size).toBe(0);
    expect(view.store.listenerCount).toBe(0);
    make.mockRestore();
    drop.mockRestore();
  });
});

describe("by the keyboard", () => {
  test("arrows move a cursor that is read aloud, Enter opens, Escape closes and the focus stays", async () => {
    openHeatmap();
    await painted();
    grid().focus();
    press(grid(), "Home");
    const cell = (): HTMLElement =>
      document.getElementById(grid().getAttribute("aria-activedescendant") ?? "") as HTMLElement;
    const first = cell();
    expect(first.dataset).toMatchObject({ row: "19", column: "19" });
    press(grid(), "ArrowDown");
    press(grid(), "ArrowRight");
    press(grid(), "ArrowRight");
    expect(cell()).not.toBe(first);
    expect(cell().dataset).toMatchObject({ row: "18", column: "17" });
    expect(cell().getAttribute("aria-label")).toMatch(
      /^Anchors in talk\.politics\.misc, items in talk\.politics\.mideast: −?[\d.]+ nats · /,
    );
    expect(cell().getAttribute("aria-colindex")).toBe("3");
    press(grid(), "Enter");
    expect(view.store.get("cell")).toEqual({ by: "label", row: 18, column: 17 });
    await soon(() => expect(anchors()).toHaveLength(12));
    expect(document.activeElement).toBe(grid());
    walkOf(anchors()[0]).focus();
    press(walkOf(anchors()[0]), "Escape");
    expect(view.store.get("cell")).toBeNull();
    expect(anchors()).toHaveLength(0);
    expect(document.activeElement).toBe(grid());
  });

  test("the anchors are one stop; arrows walk through them and their terms, right opens and left closes", async () => {
    openHeatmap();
    await openCell();
    const [first, second] = anchors() as [HTMLElement, HTMLElement];
    walkOf(first).focus();
    press(walkOf(first), "ArrowRight");
    await soon(() => expect(first.querySelectorAll(".es-heat-term")).toHaveLength(8));
    press(walkOf(first), "ArrowDown");
    const term = walkOf(first.querySelector(".es-heat-term") as Element);
    expect(document.activeElement).toBe(term);
    const stops = view.el.querySelectorAll('.es-heat-anchors [tabindex="0"]');
    expect([...stops]).toEqual([term]);
    press(term, "o");
    expect(view.store.get("opened")).toBe(Number(term.parentElement?.dataset.row));
    view.store.set("opened", -1);
    press(term, "ArrowLeft");
    expect(document.activeElement).toBe(walkOf(first));
    expect(toggleOf(first).getAttribute("aria-expanded")).toBe("false");
    press(walkOf(first), "ArrowDown");
    expect(document.activeElement).toBe(walkOf(second));
    press(walkOf(second), "End");
    expect(document.activeElement).toBe(walkOf(anchors()[11]));
  });
});

describe.each(["light", "dark"] as const)("in a %s theme", (theme) => {
  test.each([
    700, 380,
  ])("axe-core finds no fault at %i pixels, with a cell and an anchor open", async (width) => {
    await page.viewport(1000, 1200);
    document.body.style.background = theme === "dark" ? "#14161b" : "#ffffff";
    openHeatmap({}, { width, traits: { theme } });
    await painted();
    const faults = async (): Promise<string[]> => {
      const { violations } = await axe.run(view.el.querySelector(".es-pane-heatmap") as HTMLElement, {
        resultTypes: ["violations"],
      });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
      );
    };
    expect(await faults()).toEqual([]);
    grid().focus();
    await openCell();
    toggleOf(anchors()[0]).click();
    await soon(() => expect(view.el.querySelectorAll(".es-heat-term")).toHaveLength(8));
    expect(await faults()).toEqual([]);
  });
});

test.each([
  ["markup", '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'],
  ["bidi marks", "\u202Egnp.exe\u2066 turned"],
  ["a megabyte", "y".repeat(1_000_000)],
])("%s in names, texts and warnings is shown as text, and cut", async (_, hostile) => {
  const item = (row: number): Payload => ({ ...payload(row), id: hostile, title: hostile, text: hostile });
  openHeatmap({
    item,
    heatmap: async (by, bandwidth, layer) => ({
      ...heatmapOf(
        by,
        bandwidth,
        layer,
        Array.from({ length: 12 }, (_, i) => `${hostile} ${i}`),
      ),
      title: hostile,
      sampling: hostile,
      warnings: [hostile],
    }),
  });
  await openCell();
  toggleOf(anchors()[0]).click();
  const sample = hostile.slice(0, 20);
  await soon(() => {
    for (const part of [".es-heat-row", ".es-heat-warnings", ".es-heat-measured", ".es-heat-panel-title"])
      expect(words(`${part}:not(.es-heat-panel[hidden] *)`)).toContain(sample);
    expect(anchors()[0]?.textContent).toContain(sample);
    expect(words(".es-heat-term")).toContain(sample);
  });
  expect(view.el.querySelector(".es-pane script, .es-pane img")).toBeNull();
  expect("hacked" in window).toBe(false);
  expect(view.root.textContent?.length).toBeLessThan(20_000);
  for (const { title } of view.el.querySelectorAll<HTMLElement>("[title]"))
    expect(title.length).toBeLessThan(700);
  for (const part of view.el.querySelectorAll("[aria-label]"))
    expect(part.getAttribute("aria-label")?.length).toBeLessThan(700);
  expect(view.root.scrollWidth).toBeLessThanOrEqual(view.root.clientWidth + 1);
});
