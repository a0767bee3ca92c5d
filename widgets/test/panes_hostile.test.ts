import { afterEach, expect, test } from "vitest";
import { page } from "vitest/browser";
import type { Composition, Original, Payload } from "../src/source/source";
import { ask } from "../src/walk";
import { close, openExplorer, soon, view } from "./explorer";

afterEach(close);

const MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b>bold</b>';
const TURNED = "\u202Egnp.exe\u2066 turned";
const LONG = "y".repeat(1_000_000);
const KINDS: [string, string][] = [
  ["markup", MARKUP],
  ["bidi marks", TURNED],
  ["a megabyte", LONG],
];

function openOver(text: string): void {
  const share = { name: text, color: null, count: 1, total: 9, ratio: 2, q_value: 0.01 };
  const composition: Composition = { key: text, title: text, shares: [share], more: 0 };
  const columns = { [text]: text };
  openExplorer(
    {
      traits: {
        universe: { n: 2000, modality: "text", title: text.slice(0, 2000), facts: text.slice(0, 2000) },
        saved_selections: [{ name: text, count: 3 }],
      },
    },
    {
      item: (row): Payload => ({ row, id: text, title: text, text, columns, thumbnail: null }),
      original: async (row): Promise<Original> => ({
        row,
        id: text,
        title: text,
        text,
        cut: false,
        image: null,
        columns,
      }),
      search: async () => ({ where: text.slice(0, 200), rows: Uint32Array.of(1, 2) }),
      neighbors: async () => ({
        rows: [1, 2, 3],
        distances: [1, 2, 3],
        metric: "cosine",
        note: text.slice(0, 2000),
      }),
      composition: async () => [composition],
      table: async () => ({
        columns: [{ name: text, title: text, numeric: false }],
        rows: [{ row: 1, cells: [text] }],
        total: 1,
      }),
    },
  );
}

test.each(KINDS)("%s is shown as text in every pane, tooltip and dialog", async (kind, text) => {
  // Only what is in sight is fetched, and a long title takes its room.
  await page.viewport(1250, 2600);
  openOver(text);
  ask(view.store, { kind: "text", text: text.slice(0, 5000) });
  ask(view.store, { kind: "item", row: 7 });
  view.store.set("selection", Uint32Array.of(1, 2, 3));
  const input = view.el.querySelector(".es-search-input") as HTMLInputElement;
  input.value = text.slice(0, 30);
  input.dispatchEvent(new Event("input"));
  const sample = text.slice(0, 30);
  const holds = (part: string): void => expect(view.el.querySelector(part)?.textContent).toContain(sample);
  await soon(() => {
    for (const part of [".es-neighbor", ".es-at-hand", ".es-row", ".es-share", ".es-share-title", ".es-sort"])
      holds(part);
    for (const part of [".es-near-note", ".es-menu-name"]) holds(part);
  });
  (view.el.querySelector("[title='Filter the rows']") as HTMLElement).click();
  (view.el.querySelector(".es-share") as HTMLElement).click();
  view.store.set("opened", 1);
  await soon(() => {
    for (const part of [".es-viewer-text", ".es-viewer-title", ".es-viewer-columns"]) holds(part);
  });
  const panes = view.el.querySelectorAll(".es-pane:not(.es-pane-map), .es-viewer");
  for (const pane of panes) {
    expect(pane.querySelector("script, b, img")).toBeNull();
    for (const { title } of pane.querySelectorAll<HTMLElement>("[title]"))
      expect(title.length).toBeLessThan(700);
  }
  expect("hacked" in window).toBe(false);
  const size = [...panes].reduce((sum, pane) => sum + (pane.textContent ?? "").length, 0);
  expect(size, kind).toBeLessThan(215_000);
  expect(view.root.scrollWidth).toBeLessThanOrEqual(view.root.clientWidth + 1);
});

test("marks that turn the reading direction end with the text that holds them", async () => {
  openOver(TURNED);
  ask(view.store, { kind: "item", row: 7 });
  view.store.set("selection", Uint32Array.of(1, 2, 3));
  await soon(() => expect(view.el.querySelectorAll(".es-row, .es-neighbor").length).toBeGreaterThan(3));
  await soon(() => expect(view.el.querySelector(".es-neighbor")?.textContent).toContain(TURNED));
  view.store.set("opened", 1);
  await soon(() => expect(view.el.querySelector(".es-viewer-text")?.textContent).toBe(TURNED));
  const walker = document.createTreeWalker(view.root, NodeFilter.SHOW_TEXT);
  const loose: string[] = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement as HTMLElement;
    if (!walker.currentNode.nodeValue?.includes("\u202e") || parent.closest(".es-pane-map")) continue;
    const isolated = parent.closest("bdi, [dir=auto]") ?? parent;
    if (!/isolate|plaintext/.test(getComputedStyle(isolated).unicodeBidi)) loose.push(isolated.className);
  }
  // A paragraph of its own ends the marks too.
  expect(loose.filter((name) => !/es-hint|es-facts|es-title/.test(name))).toEqual([]);
});
