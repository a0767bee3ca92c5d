import { element, icon } from "../../dom";
import { cut, excerpt, marked } from "../../marked";
import type { TableColumn, TablePage } from "../../source/source";
import type { ScopeStore } from "../../state";
import { colorValue, dot } from "../../value";

const MOST_CELL = 160;

/** One item's line: its dot, which becomes the way to its original, and its cells. */
export function rowOf(
  { row, cells }: TablePage["rows"][number],
  columns: TableColumn[],
  store: ScopeStore,
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
  const first = element("td", { class: "es-row-open" }, ...(value ? [dot(value.color)] : []), open);
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
