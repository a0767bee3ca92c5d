import type { ScopeStore } from "../../state";
import { rowAt } from "../neighbors/cards";
import type { DiffCard } from "./card";
import { type At, keyed } from "./column_keys";

/** The cards of both columns. */
export type CardPair = [DiffCard[], DiffCard[]];

/** Both columns are one stop for the Tab key: arrows walk within and across. */
export class Roving {
  constructor(
    private readonly grid: HTMLElement,
    private readonly store: ScopeStore,
    private readonly seen: () => CardPair,
    signal: AbortSignal,
  ) {
    grid.addEventListener("focusin", ({ target }) => this.#focused(target), { signal });
    grid.addEventListener("focusout", () => store.set("hover", -1), { signal });
    grid.addEventListener("keydown", (event) => this.#press(event), { signal });
  }

  /** Where the focus is, if it is on a card. */
  at(): At | undefined {
    const root = this.grid.getRootNode() as Document | ShadowRoot;
    for (const [column, cards] of this.seen().entries()) {
      const place = cards.findIndex(({ host }) => host.contains(root.activeElement));
      if (place >= 0) return [column, place];
    }
    return undefined;
  }

  rowOf([column, place]: At): number {
    return this.seen()[column]?.[place]?.place.row ?? -1;
  }

  /** Make a card the Tab key's stop: the one that has it, if it is still there, else the first. */
  rest(): void {
    const cards = this.seen().flat();
    const stop = cards.find(({ button }) => button.tabIndex === 0) ?? cards[0];
    this.#stopAt(stop?.button ?? null);
  }

  /** Take up a focus that was in a column: with its item where that is still there, else at the column's top. */
  takeUp([column]: At, row: number): void {
    const seen = this.seen();
    const own = seen[column]?.length ? seen[column] : seen.flat();
    const card = own.find(({ place }) => place.row === row) ?? own[0];
    card?.button.focus({ preventScroll: true });
  }

  #stopAt(target: EventTarget | null): void {
    for (const { button } of this.seen().flat())
      button.setAttribute("tabindex", button === target ? "0" : "-1");
  }

  /** The map's ring follows the keyboard too. */
  #focused(target: EventTarget | null): void {
    // A card's other button may have the focus too: the card stays the stop.
    const card = target instanceof Element ? target.closest("li")?.querySelector(".es-near-walk") : null;
    this.#stopAt(card ?? null);
    if (target instanceof Element && target.matches(":focus-visible")) this.store.set("hover", rowAt(target));
  }

  #press(event: KeyboardEvent): void {
    const at = this.at();
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const seen = this.seen();
    const rows = seen.map((cards) => cards.map(({ place }) => place.row)) as [number[], number[]];
    const next = keyed(event.key, at, rows);
    if (next) seen[next[0]]?.[next[1]]?.button.focus();
    else if (event.key === "o") this.store.set("opened", this.rowOf(at));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
