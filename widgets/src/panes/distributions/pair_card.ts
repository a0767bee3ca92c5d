import { element } from "../../dom";
import { cut, excerpt } from "../../marked";
import type { Pictures } from "../../pictures";
import type { ExamplePair, Payload, Side } from "../../source/source";
import type { ScopeStore } from "../../state";
import { colorValue, dot } from "../../value";
import { distance } from "../neighbors/cards";
import { sample } from "./legend";

const MOST_TITLE = 120;
const MOST_WORDS = 160;

/** Two items and how far apart they are in both spaces: the distances at once, pictures or words when they come. */
export class PairCard {
  readonly host = element("li", { class: "es-pair" });
  readonly button = element("button", { type: "button", class: "es-pair-open", tabindex: "-1" });
  #items: [HTMLElement, HTMLElement];

  constructor(
    readonly pair: ExamplePair,
    names: Record<Side, string>,
    private readonly store: ScopeStore,
    private readonly pictures: Pictures,
  ) {
    this.host.dataset.rows = pair.rows.join(" ");
    const [one, other] = pair.rows;
    this.#items = [this.#room(one), this.#room(other)];
    const items = element("span", { class: "es-pair-items" }, ...this.#items);
    this.button.append(
      element(
        "span",
        { class: "es-pair-far" },
        ...(["teacher", "student"] as const).map((side) => far(side, pair, names)),
      ),
      items,
    );
    items.classList.toggle("es-pictured", this.#pictured);
    this.host.append(this.button);
  }

  fill(payloads: ReadonlyMap<number, Payload>): void {
    this.#items.forEach((host, i) => {
      const payload = payloads.get(this.pair.rows[i] ?? -1);
      if (payload) host.replaceChildren(...this.#content(payload));
    });
  }

  fail(words: string): void {
    this.#items[0].replaceChildren(element("span", { class: "es-pair-words" }, cut(words, MOST_WORDS)));
  }

  get #pictured(): boolean {
    return this.store.get("universe").modality === "image";
  }

  #room(row: number): HTMLElement {
    const host = element("span", { class: "es-pair-item" }, "\u00a0");
    host.dataset.row = String(row);
    return host;
  }

  #content({ row, id, title, text, thumbnail }: Payload): Node[] {
    const value = colorValue(this.store, row);
    const mark = value ? [dot(value.color)] : [];
    const name = cut(title || id, MOST_TITLE);
    const titled = element("bdi", { class: "es-pair-title" }, name);
    if (thumbnail)
      return [this.#picture(thumbnail), element("span", { class: "es-pair-line" }, ...mark, titled)];
    const words = text === null ? "" : excerpt(text, this.store.get("words"), MOST_WORDS);
    const named = words === "" || (title !== "" && title !== id);
    const body = element("span", { class: "es-pair-words", dir: "auto" }, words);
    return [element("span", { class: "es-pair-line" }, ...mark, named ? titled : body)].concat(
      named && words !== "" ? [body] : [],
    );
  }

  #picture(thumbnail: Blob): HTMLElement {
    const image = element("img", { alt: "" });
    this.pictures.show(image, thumbnail);
    return element("span", { class: "es-pair-picture" }, image);
  }
}

function far(side: Side, pair: ExamplePair, names: Record<Side, string>): HTMLElement {
  const host = element("span", { title: names[side] }, sample(side));
  host.append(element("bdi", { class: "es-dist-unseen" }, `${names[side]} `), distance(pair[side]));
  return host;
}
