import { element, icon } from "../../dom";
import { cut, excerpt, marked } from "../../marked";
import type { TableColumn, TablePage } from "../../source/source";
import type { ScopeStore } from "../../state";
import { colorValue, dot } from "../../value";

const MOST_CELL = 160;

/** Where an item's picture comes to stand; it takes its room from the start. */
export function frameOf(): HTMLElement {
  return element("span", { class: "es-row-picture", "aria-hidden": "true" });
}

/** One item's line: its picture if it has one, its dot, which becomes the way to its original, and its cells. */
export function rowOf(
  { row, cells }: TablePage["rows"][number],
  columns: TableColumn[],
  store: ScopeStore,
  frame?: Element | null,
): HTMLTableRowElement {
  const label = `Open the original of ${cut(cells[0] ?? `row ${row}`, 60)}`;
  const open = element(
    "button",
    { type: "button", class: "es-tool", tabindex: "-1", "aria-label": label, title: "Open the original (O)" },
    icon("open"),
  );
  open.addEventListener("click", (event) => {
    event.stopPropagation();
    store.set("opened", row);
  });
  const value = colorValue(store, row);
  const way = element("span", { class: "es-row-way" }, ...(value ? [dot(value.color)] : []), open);
  const first = element("td", { class: "es-row-open" }, ...(frame ? [frame] : []), way);
  const line = element("tr", { class: "es-row", tabindex: "-1", "data-row": String(row) }, first);
  cells.slice(0, columns.length).forEach((cell, i) => {
    line.append(cellOf(cell, columns[i]?.numeric === true, store.get("words")));
  });
  return line;
}

function cellOf(cell: string, numeric: boolean, words: string): HTMLTableCellElement {
  if (numeric) return element("td", { class: "es-numeric" }, cut(cell, MOST_CELL));
  const text = element("bdi", {}, ...marked(excerpt(cell, words, MOST_CELL), words));
  return element("td", cell.length > 24 ? { title: cut(cell, 300) } : {}, text);
}
