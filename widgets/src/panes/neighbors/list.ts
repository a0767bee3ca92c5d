import { element } from "../../dom";
import { InSight } from "../../in_sight";
import { Pictures } from "../../pictures";
import type { Found, Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { ask } from "../../walk";
import { NeighborCard, ranked, rowAt } from "./cards";

/** The ranked neighbours: one stop for the Tab key, arrows within. */
export class NeighborList {
  readonly host = element("ol", { class: "es-nears", "aria-label": "Neighbours, nearest first" });
  #cards: NeighborCard[] = [];
  #sight: InSight;
  #pictures: Pictures;

  constructor(
    private readonly store: ScopeStore,
    source: Source,
    signal: AbortSignal,
  ) {
    this.#sight = new InSight(source, signal);
    this.#pictures = new Pictures(signal);
    const { host } = this;
    host.addEventListener("pointerover", (event) => store.set("hover", rowAt(event.target)), {
      signal,
    });
    host.addEventListener("pointerleave", () => store.set("hover", -1), { signal });
    host.addEventListener("focusin", (event) => this.#focused(event.target), { signal });
    host.addEventListener("focusout", () => store.set("hover", -1), { signal });
    host.addEventListener("keydown", (event) => this.#press(event), { signal });
  }

  get count(): number {
    return this.#cards.length;
  }

  /** Show other neighbours; a focus that was in the list stays in it. */
  show(found: Found, code: number): void {
    const focused = this.host.matches(":focus-within");
    this.clear();
    this.#cards = ranked(found).map((place) => this.#card(place, code));
    this.host.replaceChildren(...this.#cards.map(({ host }) => host));
    this.host.scrollTop = 0;
    for (const card of this.#cards) {
      this.#sight.watch(card.host, {
        row: card.place.row,
        fill: (payload) => card.fill(payload),
        fail: (words) => card.fail(words),
      });
    }
    this.#cards[0]?.button.setAttribute("tabindex", "0");
    if (focused) this.#cards[0]?.button.focus({ preventScroll: true });
  }

  clear(): void {
    this.#sight.forget();
    this.#cards = [];
    this.host.replaceChildren();
    this.#pictures.release();
  }

  repaint(code: number): void {
    for (const card of this.#cards) {
      card.repaint();
      card.compare(code);
    }
  }

  #card(place: ReturnType<typeof ranked>[number], code: number): NeighborCard {
    const card = new NeighborCard(place, this.store, this.#pictures);
    card.compare(code);
    card.button.addEventListener("click", () => ask(this.store, { kind: "item", row: place.row }));
    return card;
  }

  /** The map's ring follows the keyboard too. */
  #focused(target: EventTarget | null): void {
    for (const { button } of this.#cards) button.setAttribute("tabindex", button === target ? "0" : "-1");
    if (target instanceof Element && target.matches(":focus-visible")) this.store.set("hover", rowAt(target));
  }

  #press(event: KeyboardEvent): void {
    const at = this.#cards.findIndex(({ host }) => host.contains(event.target as Node));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.#cards.length - 1;
    const places: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: last,
    };
    const next = places[event.key];
    if (next !== undefined) this.#cards[Math.max(0, Math.min(last, next))]?.button.focus();
    else if (event.key === "o") this.store.set("opened", this.#cards[at]?.place.row ?? -1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
