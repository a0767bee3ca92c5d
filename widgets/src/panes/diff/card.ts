import { element } from "../../dom";
import type { Pictures } from "../../pictures";
import type { Side } from "../../source/source";
import type { ScopeStore } from "../../state";
import { NeighborCard } from "../neighbors/cards";
import { changeMark } from "./marks";
import type { Place } from "./places";

/** A neighbour on one side, with what became of it on the other. */
export class DiffCard {
  readonly card: NeighborCard;
  #there = element("span", { class: "es-diff-there" });

  constructor(
    private at: Place,
    readonly side: Side,
    store: ScopeStore,
    pictures: Pictures,
  ) {
    this.card = new NeighborCard(at, store, pictures);
    this.host.classList.add("es-compact");
    this.host.dataset.side = side;
    this.card.button.append(this.#there);
    this.#mark();
  }

  get host(): HTMLLIElement {
    return this.card.host;
  }

  get button(): HTMLButtonElement {
    return this.card.button;
  }

  get place(): Place {
    return this.at;
  }

  /** The same item, re-ranked. */
  move(place: Place): void {
    this.at = place;
    this.card.move(place);
    this.#mark();
  }

  #mark(): void {
    const { change, there } = this.at;
    this.host.dataset.change = change;
    this.card.head.prepend(changeMark(change, change));
    this.#there.textContent = there;
    this.#there.hidden = there === "";
  }
}
