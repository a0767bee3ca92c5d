import { wordsOf } from "../../complaint";
import { element, iconButton } from "../../dom";
import { Pictures } from "../../pictures";
import type { ExamplePair, Side, Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { PairCard } from "./pair_card";

const INVITATION = "Click a bin, or press Enter on one, to see pairs of items that lie so far apart.";

export interface PairEvents {
  walk(pair: ExamplePair): void;
  close(): void;
}

/** Example pairs of a bin: one stop for the Tab key, arrows within. */
export class PairList {
  readonly host = element("div", { class: "es-pairs", role: "region", "aria-label": "Example pairs" });
  #title = element("p", { class: "es-pairs-title", dir: "auto" });
  #state = element("p", { class: "es-hint es-pairs-state", role: "status" });
  #list = element("ol", { class: "es-pairs-list", "aria-label": "Pairs" });
  #close: HTMLButtonElement;
  #cards: PairCard[] = [];
  #pictures: Pictures;
  #asked = new AbortController();

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    private readonly on: PairEvents,
    signal: AbortSignal,
  ) {
    this.#pictures = new Pictures(signal);
    this.#close = iconButton("close", "Close the pairs (Escape)", () => on.close());
    this.host.append(
      element("div", { class: "es-pairs-top" }, this.#title, this.#close),
      this.#state,
      this.#list,
    );
    const list = this.#list;
    const hover = (event: Event): void => store.set("hover", rowAt(event.target));
    list.addEventListener("pointerover", hover, { signal });
    list.addEventListener("pointerleave", () => store.set("hover", -1), { signal });
    list.addEventListener("focusin", (event) => this.#focused(event.target), { signal });
    list.addEventListener("focusout", () => store.set("hover", -1), { signal });
    list.addEventListener("keydown", (event) => this.#press(event), { signal });
    signal.addEventListener("abort", () => this.#asked.abort(signal.reason), { once: true });
    this.clear();
  }

  /** No bin is open. */
  clear(): void {
    this.#empty();
    this.#say("", INVITATION);
    this.#close.hidden = true;
  }

  /** The pairs of a bin are on their way, or could not come. */
  say(title: string, words: string, bad = false): void {
    this.#empty();
    this.#say(title, words, bad);
  }

  show(title: string, words: string, pairs: readonly ExamplePair[], names: Record<Side, string>): void {
    this.#empty();
    this.#say(title, words);
    this.#cards = pairs.map((pair) => this.#card(pair, names));
    this.#list.replaceChildren(...this.#cards.map(({ host }) => host));
    this.#list.hidden = pairs.length === 0;
    this.#list.scrollTop = 0;
    this.#cards[0]?.button.setAttribute("tabindex", "0");
    void this.#fetch(this.#asked.signal);
  }

  #card(pair: ExamplePair, names: Record<Side, string>): PairCard {
    const card = new PairCard(pair, names, this.store, this.#pictures);
    card.button.addEventListener("click", () => {
      for (const { host } of this.#cards) host.removeAttribute("aria-current");
      card.host.setAttribute("aria-current", "true");
      this.on.walk(pair);
    });
    return card;
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const cards = this.#cards;
    const rows = [...new Set(cards.flatMap(({ pair }) => pair.rows))];
    if (rows.length === 0) return;
    try {
      const payloads = await this.source.payload(rows, signal);
      if (signal.aborted) return;
      const found = new Map(payloads.map((payload) => [payload.row, payload]));
      for (const card of cards) card.fill(found);
    } catch (error) {
      if (signal.aborted) return;
      for (const card of cards) card.fail(wordsOf(error));
    }
  }

  #say(title: string, words: string, bad = false): void {
    this.#title.textContent = title;
    this.#state.textContent = words;
    this.#state.classList.toggle("es-bad", bad);
    this.#close.hidden = false;
  }

  #empty(): void {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#cards = [];
    this.#list.replaceChildren();
    this.#list.hidden = true;
    this.#pictures.release();
  }

  #focused(target: EventTarget | null): void {
    const at = this.#cards.findIndex(({ button }) => button === target);
    if (at < 0) return;
    for (const { button } of this.#cards) button.setAttribute("tabindex", button === target ? "0" : "-1");
    if (target instanceof Element && target.matches(":focus-visible"))
      this.store.set("hover", this.#cards[at]?.pair.rows[0] ?? -1);
  }

  #press(event: KeyboardEvent): void {
    const at = this.#cards.findIndex(({ host }) => host.contains(event.target as Node));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#cards.length - 1;
    const places: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last };
    const next = places[event.key];
    if (next === undefined) return;
    this.#cards[Math.max(0, Math.min(last, next))]?.button.focus();
    event.preventDefault();
    event.stopPropagation();
  }
}

function rowAt(target: EventTarget | null): number {
  const host = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  return host ? Number(host.dataset.row) : -1;
}
