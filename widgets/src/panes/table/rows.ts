import { wordsOf } from "../../complaint";
import { element } from "../../dom";
import { InSight } from "../../in_sight";
import { Pictures } from "../../pictures";
import type { Source, TableColumn, TablePage, TableView } from "../../source/source";
import type { ScopeStore } from "../../state";
import { Head } from "./head";
import { frameOf, rowOf } from "./row";
import { walkRows } from "./row_keys";

const PAGE = 50;
const TYPING_MS = 200;

/** The selected items as a table: a page at a time, sorted and filtered where the data are. */
export class RowsTable {
  readonly host = element("div", { class: "es-rows", role: "region", "aria-label": "Selected items" });
  readonly head: Head;
  #body = element("tbody", {});
  #state = element("p", { class: "es-hint es-rows-state", role: "status" });
  #more = element("button", { type: "button", class: "es-link es-more", hidden: "" }, "Show more");
  #rows: Uint32Array = new Uint32Array(0);
  #page: TablePage | undefined;
  #kept = new Map<number, TablePage["rows"][number]>();
  #shown = 0;
  #asked = new AbortController();
  #sight: IntersectionObserver;
  #typing: ReturnType<typeof setTimeout> | undefined;
  readonly #inSight: InSight;
  readonly #pictures: Pictures;

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    private readonly onPage: (page: TablePage | undefined) => void,
    signal: AbortSignal,
  ) {
    this.#inSight = new InSight(source, signal);
    this.#pictures = new Pictures(signal);
    this.head = new Head((soon) => this.#changed(soon), signal);
    const table = element("table", { class: "es-table" }, this.head.host, this.#body);
    this.host.append(table, this.#state, this.#more);
    this.#more.addEventListener("click", () => void this.#fetch(this.#shown), { signal });
    walkRows(this.#body, store, signal);
    this.#sight = new IntersectionObserver(
      (seen) => {
        if (seen.at(-1)?.isIntersecting && !this.#more.hidden) this.#more.click();
      },
      { root: this.host, rootMargin: "160px 0px" },
    );
    signal.addEventListener("abort", () => this.#forget(), { once: true });
    store.on("busy", () => this.#explain(), signal);
    this.#explain();
  }

  /** Show other rows, from the top. */
  show(rows: Uint32Array): void {
    this.#rows = rows;
    this.#forget();
    this.host.classList.toggle("es-pictured", this.#pictured);
    if (rows.length > 0) void this.#fetch(0);
    else this.#empty();
  }

  repaint(): void {
    for (const line of this.#body.querySelectorAll<HTMLElement>("tr")) {
      const row = this.#kept.get(Number(line.dataset.row));
      const frame = line.querySelector(".es-row-picture");
      if (row) line.replaceWith(rowOf(row, this.#columns, this.store, frame));
    }
    this.#tabStop();
  }

  get #columns(): TableColumn[] {
    return this.#page?.columns ?? [];
  }

  get #pictured(): boolean {
    return this.store.get("universe").modality === "image";
  }

  #changed(soon: boolean): void {
    this.#forget();
    const again = (): void => void this.#fetch(0);
    if (soon) again();
    else this.#typing = setTimeout(again, TYPING_MS);
  }

  #forget(): void {
    clearTimeout(this.#typing);
    this.#sight.disconnect();
    this.#asked.abort();
    this.#asked = new AbortController();
  }

  #empty(): void {
    this.#more.hidden = true;
    this.#kept.clear();
    this.#shown = 0;
    this.#page = undefined;
    this.#inSight.forget();
    this.#pictures.release();
    this.#body.replaceChildren();
    this.#explain();
  }

  async #fetch(offset: number): Promise<void> {
    const { signal } = this.#asked;
    if (this.#rows.length === 0) return;
    this.#more.hidden = true;
    this.#body.classList.toggle("es-waiting", offset === 0);
    const view: TableView = { ...this.head.view, offset, limit: PAGE };
    try {
      const page = await this.source.table(this.#rows, view, signal);
      if (!signal.aborted) this.#fill(page, offset);
    } catch (error) {
      if (signal.aborted) return;
      this.#empty();
      this.#explain(wordsOf(error));
    }
  }

  #fill(page: TablePage, offset: number): void {
    if (offset === 0) {
      this.#empty();
      this.host.scrollTop = 0;
    }
    this.#page = page;
    this.head.name(page.columns);
    for (const row of page.rows) {
      this.#kept.set(row.row, row);
      const frame = this.#pictured ? frameOf() : null;
      this.#body.append(rowOf(row, page.columns, this.store, frame));
      if (frame) this.#hang(row.row, frame);
    }
    this.#shown = offset + page.rows.length;
    this.#body.classList.remove("es-waiting");
    this.#more.hidden = page.rows.length === 0 || this.#shown >= page.total;
    // Observed anew, it tells of itself even where it has been in sight before.
    this.#sight.unobserve(this.#more);
    if (!this.#more.hidden) this.#sight.observe(this.#more);
    this.#tabStop();
    this.#explain();
    this.onPage(page);
  }

  #hang(row: number, frame: HTMLElement): void {
    this.#inSight.watch(frame, {
      row,
      fill: ({ thumbnail }) => {
        if (!thumbnail) return;
        const image = element("img", { alt: "" });
        this.#pictures.show(image, thumbnail);
        frame.replaceChildren(image);
      },
      fail: (words) => {
        frame.title = words;
      },
    });
  }

  #tabStop(): void {
    const stop = this.#body.querySelector('tr[tabindex="0"]') ?? this.#body.firstElementChild;
    stop?.setAttribute("tabindex", "0");
  }

  #explain(problem = ""): void {
    const waiting = this.store.get("busy") ? "The kernel is busy; waiting for it…" : "Loading…";
    const none = this.#page && this.#shown === 0 ? "No item passes the filters." : "";
    this.#state.textContent = problem || (this.#page ? none : waiting);
    this.#state.hidden = this.#state.textContent === "";
  }
}
