import { wordsOf } from "../../complaint";
import { element, iconButton } from "../../dom";
import { cut } from "../../marked";
import { Pictures } from "../../pictures";
import type { Payload, Query, Source } from "../../source/source";
import { type ScopeStore, select } from "../../state";
import { ask } from "../../walk";
import { linesOf } from "./lines";

const MOST_TITLE = 160;
const MOST_WORDS = 400;

/** What the neighbours are of, and what can be done with it. */
export class AtHand {
  readonly host = element("div", { class: "es-at-hand" });
  #what = element("div", { class: "es-at-hand-what" });
  #open: HTMLButtonElement;
  #select = element("button", { type: "button", class: "es-link" });
  #pictures: Pictures;
  #asked = new AbortController();
  #offered: readonly number[] = [];

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    signal: AbortSignal,
  ) {
    this.#pictures = new Pictures(signal);
    this.#open = iconButton("open", "Open the original (O)", () => this.open());
    this.#select.addEventListener("click", () => select(store, this.#offered), { signal });
    const clear = iconButton("close", "Let go of it", () => ask(store, null));
    const actions = element("div", { class: "es-at-hand-actions" }, this.#select, this.#open, clear);
    this.host.append(this.#what, actions);
    this.offer([]);
    signal.addEventListener("abort", () => this.#asked.abort(), { once: true });
  }

  show(query: Query | null): void {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.host.hidden = query === null;
    this.#open.hidden = query?.kind !== "item";
    if (query?.kind === "item") void this.#item(query.row, this.#asked.signal);
    else if (query) this.#what.replaceChildren(...this.#given(query));
  }

  open(): void {
    const query = this.store.get("query");
    if (query?.kind === "item") this.store.set("opened", query.row);
  }

  /** The rows that can be selected from here. */
  offer(rows: readonly number[]): void {
    this.#offered = rows;
    this.#select.disabled = rows.length === 0;
    this.#select.textContent = rows.length === 0 ? "Select these" : `Select these ${rows.length}`;
  }

  async #item(row: number, signal: AbortSignal): Promise<void> {
    try {
      const [payload] = await this.source.payload([row], signal);
      if (!signal.aborted && payload) this.#what.replaceChildren(...this.#content(payload));
    } catch (error) {
      if (!signal.aborted)
        this.#what.replaceChildren(element("span", { class: "es-near-text" }, wordsOf(error)));
    }
  }

  #content(payload: Payload): Node[] {
    const lines = linesOf(this.store, payload);
    return payload.thumbnail ? [this.#picture(payload.thumbnail), lines] : [lines];
  }

  #given(query: Exclude<Query, { kind: "item" }>): Node[] {
    const lines = element("span", { class: "es-near-lines" });
    if (query.kind === "text") {
      lines.append(
        element(
          "span",
          { class: "es-near-title" },
          "“",
          element("bdi", {}, cut(query.text, MOST_WORDS)),
          "”",
        ),
        element("span", { class: "es-value" }, "Your words, by meaning"),
      );
      return [lines];
    }
    lines.append(
      element("bdi", { class: "es-near-title" }, cut(query.name, MOST_TITLE)),
      element("span", { class: "es-value" }, "Your image"),
    );
    return [this.#picture(query.image), lines];
  }

  #picture(blob: Blob): HTMLElement {
    // What was shown before has been drawn already, and goes now.
    this.#pictures.release();
    const image = element("img", { alt: "" });
    this.#pictures.show(image, blob);
    return element("span", { class: "es-near-picture" }, image);
  }
}
