import { wordsOf } from "../../complaint";
import { element, iconButton } from "../../dom";
import { cut } from "../../marked";
import { Pictures } from "../../pictures";
import type { HeatmapCell, Source } from "../../source/source";
import { type ScopeStore, select } from "../../state";
import { ask } from "../../walk";
import { Anchor, type CellAt } from "./anchor";
import { cellWords, nameOf } from "./layers";
import { roveThrough } from "./roving";
import type { Shown } from "./shown";

/** The cell at hand and its worst anchors, each of which opens to the items around it. */
export class CellPanel {
  readonly host = element("div", { class: "es-heat-panel", hidden: "" });
  #title = element("h4", { class: "es-heat-panel-title" });
  #facts = element("p", { class: "es-hint" });
  #words = element("p", { class: "es-hint es-heat-panel-words", role: "status" });
  #list = element("ol", { class: "es-heat-anchors", "aria-label": "Anchors, most telling first" });
  #pictures: Pictures;
  #own = new AbortController();

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    close: () => void,
    signal: AbortSignal,
  ) {
    this.#pictures = new Pictures(signal);
    const away = iconButton("close", "Close the cell (Escape)", close);
    const top = element("div", { class: "es-heat-panel-top" }, this.#title, away);
    this.host.append(top, this.#facts, this.#words, this.#list);
    roveThrough(this.#list, store, signal);
    signal.addEventListener("abort", () => this.#own.abort(signal.reason), { once: true });
  }

  /** Show a cell's anchors; where a person `acts`, they are selected and the first is asked for. */
  async open(shown: Shown, at: CellAt, acts: boolean): Promise<void> {
    this.close();
    this.host.hidden = false;
    this.#describe(shown, at);
    const { signal } = this.#own;
    this.#words.textContent = "Looking for its anchors…";
    try {
      const cell = await this.source.cell(at, signal);
      if (signal.aborted) return;
      const anchors = this.#place(cell, at);
      this.#words.textContent = wordsFor(cell);
      if (acts) this.#link(cell.rows);
      await this.#fill(anchors, signal);
    } catch (error) {
      if (!signal.aborted) this.#words.textContent = cut(wordsOf(error), 320);
    }
  }

  close(): void {
    this.#own.abort(new DOMException("The cell is closed.", "AbortError"));
    this.#own = new AbortController();
    this.#list.replaceChildren();
    this.#pictures.release();
    this.host.hidden = true;
  }

  #describe({ heatmap, layer }: Shown, { row, column }: CellAt): void {
    const [from, to] = [row, column].map((place) => element("bdi", {}, nameOf(heatmap, place)));
    const words = heatmap.names.length > 1 ? [from as Node, " → ", to as Node] : ["The worst anchors"];
    this.#title.replaceChildren(...words);
    this.#facts.textContent = cellWords(heatmap, layer, row, column);
  }

  #place({ rows, contributions }: HeatmapCell, at: CellAt): Anchor[] {
    const most = Math.max(0, ...contributions.map(Math.abs));
    const { store, source } = this;
    const anchors = rows.map((row, i) => {
      const place = { row, contribution: contributions[i] ?? Number.NaN, most };
      return new Anchor(place, at, { store, source, pictures: this.#pictures, signal: this.#own.signal });
    });
    this.#list.replaceChildren(...anchors.map(({ host }) => host));
    anchors[0]?.walk.setAttribute("tabindex", "0");
    return anchors;
  }

  #link(rows: number[]): void {
    const [first] = rows;
    if (first === undefined) return;
    select(this.store, rows);
    ask(this.store, { kind: "item", row: first });
  }

  async #fill(anchors: Anchor[], signal: AbortSignal): Promise<void> {
    if (anchors.length === 0) return;
    try {
      const payloads = await this.source.payload(
        anchors.map(({ place }) => place.row),
        signal,
      );
      const found = new Map(payloads.map((payload) => [payload.row, payload]));
      for (const anchor of signal.aborted ? [] : anchors) anchor.fill(found.get(anchor.place.row));
    } catch (error) {
      for (const anchor of signal.aborted ? [] : anchors) anchor.fail(error);
    }
  }
}

function wordsFor({ rows, contributions: [most = 0] }: HeatmapCell): string {
  if (rows.length === 0) return "No anchor was looked at here.";
  const share = rows.length === 1 ? "One anchor" : `The ${rows.length} anchors`;
  return most < 0
    ? `${share} whose neighbourhoods gain most there, selected in all panes.`
    : `${share} whose neighbourhoods lose most there, selected in all panes.`;
}
