import { element } from "../../dom";
import { InSight } from "../../in_sight";
import { Pictures } from "../../pictures";
import type { Changes, Side, Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { ask } from "../../walk";
import { rowAt } from "../neighbors/cards";
import { DiffCard } from "./card";
import { Gutter } from "./gutter";
import { ColumnHead, SIDES } from "./heads";
import { columnsOf, type Place } from "./places";
import { type CardPair, Roving } from "./roving";

/** Both rankings side by side, with the lines that join them. */
export class Columns {
  readonly host = element("div", { class: "es-diff-columns", hidden: "" });
  #lists = SIDES.map(() => element("ol", { class: "es-diff-column" }));
  #heads: ColumnHead[];
  #cards: CardPair = [[], []];
  #gutter: Gutter;
  #roving: Roving;
  #sight: InSight;
  #pictures: Pictures;
  #code = -1;
  #onlyChanges = false;

  constructor(
    private readonly store: ScopeStore,
    source: Source,
    signal: AbortSignal,
  ) {
    this.#sight = new InSight(source, signal);
    this.#pictures = new Pictures(signal);
    this.#heads = SIDES.map((side) => new ColumnHead(store, side));
    const grid = element("div", { class: "es-diff-grid" });
    this.#gutter = new Gutter(grid, signal);
    this.#roving = new Roving(grid, store, () => this.#seen, signal);
    grid.append(...this.#lists);
    this.#lists[0]?.after(this.#gutter.host);
    const heads = element("div", { class: "es-diff-heads" }, ...this.#heads.map(({ host }) => host));
    this.host.append(heads, grid);
    grid.addEventListener("pointerover", ({ target }) => store.set("hover", rowAt(target)), { signal });
    grid.addEventListener("pointerleave", () => store.set("hover", -1), { signal });
    store.on("hover", (row) => this.#light(row), signal);
  }

  get count(): number {
    return this.#cards.flat().length;
  }

  /** How many cards are to be seen. */
  get shown(): number {
    return this.#seen.flat().length;
  }

  /** Show other rankings; those of the same query keep the cards that they have, so that only places change. */
  show(changes: Changes, { code, same }: { code: number; same: boolean }): void {
    const focused = this.#roving.at();
    const row = focused && same ? this.#roving.rowOf(focused) : -1;
    if (!same) this.#forget();
    this.#code = code;
    const [teacher, student] = columnsOf(changes);
    this.#cards = [this.#column("teacher", teacher), this.#column("student", student)];
    this.host.hidden = this.count === 0;
    this.#hide();
    if (!same) this.host.scrollTop = 0;
    if (focused) this.#roving.takeUp(focused, row);
  }

  clear(): void {
    this.#forget();
    this.host.hidden = true;
    for (const list of this.#lists) list.replaceChildren();
    this.#gutter.show(this.#cards);
  }

  /** Say which space stands in which column, and by which dims it is ranked. */
  head(dims: [number, number]): void {
    for (const head of this.#heads) head.fill(dims);
    this.#lists.forEach((list, i) => {
      const name = this.#heads[i]?.host.title ?? "";
      list.setAttribute("aria-label", `Neighbours in ${name}, nearest first`);
    });
  }

  filter(onlyChanges: boolean): void {
    this.#onlyChanges = onlyChanges;
    this.#hide();
  }

  repaint(code: number): void {
    this.#code = code;
    for (const { card } of this.#cards.flat()) {
      card.repaint();
      card.compare(code);
    }
  }

  get #seen(): CardPair {
    return this.#cards.map((cards) => cards.filter(({ host }) => !host.hidden)) as CardPair;
  }

  #column(side: Side, places: Place[]): DiffCard[] {
    const place = SIDES.indexOf(side);
    const had = new Map(this.#cards[place]?.map((card) => [card.place.row, card]));
    const cards = places.map((wanted) => {
      const card = had.get(wanted.row);
      card?.move(wanted);
      return card ?? this.#make(wanted, side);
    });
    this.#lists[place]?.replaceChildren(...cards.map(({ host }) => host));
    return cards;
  }

  #make(place: Place, side: Side): DiffCard {
    const made = new DiffCard(place, side, this.store, this.#pictures);
    const { card, host, button } = made;
    card.compare(this.#code);
    button.addEventListener("click", () => ask(this.store, { kind: "item", row: place.row }));
    this.#sight.watch(host, {
      row: place.row,
      fill: (payload) => card.fill(payload),
      fail: (words) => card.fail(words),
    });
    return made;
  }

  #forget(): void {
    this.#sight.forget();
    this.#cards = [[], []];
    this.#pictures.release();
  }

  #hide(): void {
    for (const { host, place } of this.#cards.flat())
      host.hidden = this.#onlyChanges && place.change === "kept";
    this.#roving.rest();
    this.#gutter.show(this.#seen);
    this.#light(this.store.get("hover"));
  }

  #light(row: number): void {
    for (const { host, place } of this.#cards.flat()) host.classList.toggle("es-lit", place.row === row);
    this.#gutter.light(row);
  }
}
