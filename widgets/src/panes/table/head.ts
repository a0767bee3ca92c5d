import { element, iconButton } from "../../dom";
import { cut } from "../../marked";
import type { TableColumn, TableView } from "../../source/source";

type Order = "none" | "ascending" | "descending";

const NEXT: Record<Order, Order> = { none: "ascending", ascending: "descending", descending: "none" };

/** The table's header: what the rows are sorted by, and a line of filters when it is wanted. */
export class Head {
  readonly host = element("thead", {});
  #columns: TableColumn[] = [];
  #sort = "";
  #order: Order = "none";
  #filters: Record<string, string> = {};
  #filtering = false;
  #funnel: HTMLButtonElement;

  /** `changed(true)` where the rows are wanted at once, `changed(false)` while somebody types. */
  constructor(
    private readonly changed: (soon: boolean) => void,
    private readonly signal: AbortSignal,
  ) {
    this.#funnel = iconButton("filter", "Filter the rows", () => this.#toggle());
    this.#draw();
  }

  get view(): Pick<TableView, "sort" | "descending" | "filters"> {
    const filters = Object.fromEntries(Object.entries(this.#filters).filter(([, words]) => isWhole(words)));
    return {
      sort: this.#order === "none" ? "" : this.#sort,
      descending: this.#order === "descending",
      filters,
    };
  }

  get filtered(): boolean {
    return Object.values(this.#filters).some(isWhole);
  }

  /** What a column must hold; empty: anything. */
  filter(column: string): string {
    return this.#filters[column] ?? "";
  }

  setFilter(column: string, words: string): void {
    this.#filters[column] = words;
    this.#filtering ||= words !== "";
    this.#draw();
    this.changed(true);
  }

  /** Take the columns as they are now; those that are gone are neither sorted nor filtered by. */
  name(columns: TableColumn[]): void {
    const same =
      columns.length === this.#columns.length &&
      columns.every(
        ({ name, title }, i) => name === this.#columns[i]?.name && title === this.#columns[i]?.title,
      );
    if (same) return;
    const names = new Set(columns.map(({ name }) => name));
    this.#columns = columns;
    this.#filters = Object.fromEntries(Object.entries(this.#filters).filter(([name]) => names.has(name)));
    if (!names.has(this.#sort)) this.#order = "none";
    this.#draw();
  }

  #toggle(): void {
    const filtered = this.filtered;
    this.#filtering = !this.#filtering;
    // A filter that cannot be seen would be a riddle.
    if (!this.#filtering) this.#filters = {};
    this.#draw();
    if (this.#filtering) this.host.querySelector("input")?.focus();
    else if (filtered) this.changed(true);
  }

  #draw(): void {
    this.#funnel.setAttribute("aria-pressed", String(this.#filtering));
    const titles = element("tr", {}, element("th", { class: "es-row-open", scope: "col" }, this.#funnel));
    titles.append(...this.#columns.map((column) => this.#title(column)));
    const filters = element("tr", { class: "es-filters" }, element("td", { class: "es-row-open" }));
    filters.append(...this.#columns.map((column) => this.#filter(column)));
    this.host.replaceChildren(titles, ...(this.#filtering ? [filters] : []));
  }

  #title({ name, title, numeric }: TableColumn): HTMLElement {
    const button = element(
      "button",
      { type: "button", class: "es-sort" },
      element("bdi", {}, cut(title, 60)),
    );
    const order = name === this.#sort ? this.#order : "none";
    button.addEventListener("click", () => {
      this.#order = NEXT[order];
      this.#sort = name;
      this.#draw();
      const place = this.#columns.findIndex((column) => column.name === name);
      this.host.querySelectorAll<HTMLElement>(".es-sort")[place]?.focus();
      this.changed(true);
    });
    return element(
      "th",
      { scope: "col", "aria-sort": order, ...(numeric ? { class: "es-numeric" } : {}) },
      button,
    );
  }

  #filter({ name, title, numeric }: TableColumn): HTMLElement {
    const input = element("input", {
      class: "es-field",
      type: "text",
      size: "4",
      "aria-label": `Filter ${cut(title, 60)}`,
      placeholder: numeric ? "> 3" : "holds…",
      autocomplete: "off",
      maxlength: "200",
    });
    input.value = this.filter(name);
    input.addEventListener(
      "input",
      () => {
        this.#filters[name] = input.value.trim();
        this.changed(false);
      },
      { signal: this.signal },
    );
    return element("td", {}, input);
  }
}

/** A comparison that still lacks its number is not one yet. */
function isWhole(words: string): boolean {
  return !/^[<>=!≤≥≠]*$/.test(words);
}
