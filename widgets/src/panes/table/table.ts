import { element, iconButton } from "../../dom";
import { count, percent } from "../../format";
import type { Composition, TableColumn, TablePage } from "../../source/source";
import { NO_ROWS, type ScopeStore } from "../../state";
import type { Pane, PaneContext } from "../pane";
import { CompositionView } from "./composition";
import { exportMenu, labelForm, savedMenu, saveForm } from "./keeping";
import { RowsTable } from "./rows";

const REST_MS = 150;
/** The beginning of a longer name finds it too. */
const MOST_FILTER = 200;

/** The selection: what it is made of, its items, and what can be done with it. */
export const tablePane: Pane = (context: PaneContext): void => {
  const { store, source, el, signal } = context;
  el.setAttribute("aria-label", "Selection");
  let columns: TableColumn[] = [];
  const rows = new RowsTable(store, source, (page) => follow(page), signal);
  const composition = new CompositionView(
    store,
    source,
    (column, name) => filter(column, name),
    () => mark(),
  );
  const body = element("div", { class: "es-table-body" }, composition.host, rows.host);
  const bar = openBar(context, body);
  el.append(bar.host, body);

  const follow = (page: TablePage | undefined): void => {
    columns = page?.columns ?? [];
    bar.passing(rows.head.filtered && page ? page.total : -1);
    mark();
  };
  const mark = (): void => {
    composition.mark((key, name) => {
      const column = columnOf(columns, key);
      return column !== undefined && rows.head.filter(column.name) === filterOf(column, name);
    });
  };
  const filter = ({ key, title }: Composition, name: string | null): void => {
    const column = columnOf(columns, key, title);
    if (column) rows.head.setFilter(column.name, name === null ? "" : filterOf(column, name));
  };
  let asked = new AbortController();
  const show = (): void => {
    asked.abort();
    asked = new AbortController();
    const chosen = store.get("selection");
    rows.show(chosen);
    if (chosen.length > 0) void composition.show(chosen, asked.signal);
  };
  const later = rested(show, signal);
  for (const key of ["selection", "color", "colorChoices", "universe"] as const) store.on(key, later, signal);
  store.on("words", () => rows.repaint(), signal);
  store.on("dark", later, signal);
  signal.addEventListener("abort", () => asked.abort(), { once: true });
  show();
};

/** The column of the table that a composition speaks of. */
function columnOf(columns: TableColumn[], key: string, title?: string): TableColumn | undefined {
  const plain = key.replace(/^(column|given):/, "");
  return (
    columns.find(({ name }) => name === key) ??
    columns.find(({ name }) => name === plain) ??
    columns.find((column) => column.title === title)
  );
}

function filterOf({ numeric }: TableColumn, name: string): string {
  return numeric ? `= ${name}` : name.slice(0, MOST_FILTER);
}

interface Bar {
  host: HTMLElement;
  /** How many rows pass the filters; -1: there are none. */
  passing(rows: number): void;
}

function openBar(context: PaneContext, body: HTMLElement): Bar {
  const { store, signal } = context;
  const words = element("p", { class: "es-table-words", role: "status" });
  const passed = element("span", { class: "es-hint" });
  let folded = false;
  const fold = iconButton("chevron", "Fold the table", () => {
    folded = !folded;
    fill();
  });
  const clear = iconButton("close", "Clear the selection", () => store.set("selection", NO_ROWS));
  const needing = [saveForm(context), labelForm(context), exportMenu(context), clear];
  const host = element("div", { class: "es-table-bar" }, fold, words, passed, savedMenu(context), ...needing);
  const fill = (): void => {
    const chosen = store.get("selection").length;
    const none = chosen === 0;
    words.textContent = none ? invitation(store) : `${count(chosen)} selected · ${shareOf(store, chosen)}`;
    words.classList.toggle("es-none", none);
    for (const part of [fold, passed, ...needing]) part.hidden = none;
    body.hidden = none || folded;
    fold.setAttribute("aria-expanded", String(!folded));
  };
  store.on("selection", fill, signal);
  store.on("universe", fill, signal);
  fill();
  const passing = (rows: number): void => {
    passed.textContent = rows < 0 ? "" : `${count(rows)} ${rows === 1 ? "passes" : "pass"} the filters`;
  };
  return { host, passing };
}

function shareOf(store: ScopeStore, chosen: number): string {
  return percent(chosen, store.get("universe").n);
}

function invitation(store: ScopeStore): string {
  const found = store.get("panes").includes("search") ? ", or click the count in the search box," : "";
  return `Draw a lasso (L) or a box (B) on the map${found} to see the items here.`;
}

/** Do some work once its causes have come to rest. */
function rested(work: () => void, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return () => {
    clearTimeout(timer);
    if (!signal.aborted) timer = setTimeout(work, REST_MS);
  };
}
