import { element, icon } from "../../dom";
import { measure } from "../../format";
import { cut } from "../../marked";
import type { Pictures } from "../../pictures";
import type { Found, Payload } from "../../source/source";
import type { ScopeStore } from "../../state";
import { colorValue, valueLine } from "../../value";
import { linesOf } from "./lines";

const MOST_TITLE = 160;

const DISTANCE = new Intl.NumberFormat("en-US", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });

/** A distance with three significant digits. */
export function distance(value: number): string {
  const size = Math.abs(value);
  return !(size >= 1e-3 && size < 1e6) ? measure(value) : DISTANCE.format(value).replace("-", "−");
}

/** One neighbour's place in the ranking. */
export interface Ranked {
  row: number;
  rank: number;
  distance: number;
  /** Of the last one that is shown: what the bar is relative to. */
  farthest: number;
}

export function ranked({ rows, distances }: Found): Ranked[] {
  const farthest = distances.at(-1) ?? 0;
  return rows.map((row, i) => ({ row, rank: i + 1, distance: distances[i] ?? Number.NaN, farthest }));
}

/** The row of the card that something lies in, or -1. */
export function rowAt(target: EventTarget | null): number {
  const host = target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  return host ? Number(host.dataset.row) : -1;
}

/** A neighbour: its rank and distance at once, its picture or words when they come. */
export class NeighborCard {
  readonly host = element("li", { class: "es-neighbor" });
  readonly button = element("button", { type: "button", class: "es-near-walk", tabindex: "-1" });
  readonly head = element("span", { class: "es-near-head" });
  #open = element(
    "button",
    { type: "button", class: "es-tool es-near-open", tabindex: "-1", title: "Open the original (O)" },
    icon("open"),
  );
  #body = element("span", { class: "es-near-body" });
  #frame = element("span", { class: "es-near-picture" });
  #payload: Payload | undefined;

  constructor(
    private at: Ranked,
    private readonly store: ScopeStore,
    private readonly pictures: Pictures,
  ) {
    this.host.dataset.row = String(at.row);
    this.#open.addEventListener("click", () => store.set("opened", at.row));
    this.button.append(this.head, this.#body);
    this.host.append(this.button, this.#open);
    this.#rank();
    this.#placehold();
  }

  get place(): Ranked {
    return this.at;
  }

  /** The same item at another place of the ranking. */
  move(place: Ranked): void {
    this.at = place;
    this.#rank();
  }

  fill(payload: Payload): void {
    if (payload.thumbnail && !this.#payload) this.#picture(payload.thumbnail);
    this.#payload = payload;
    this.#show(linesOf(this.store, payload));
    this.host.title = cut(payload.title || payload.id, MOST_TITLE);
  }

  fail(words: string): void {
    this.#body.replaceChildren(element("span", { class: "es-near-text" }, words));
  }

  /** The colours or the words to mark have changed. */
  repaint(): void {
    if (this.#payload) this.fill(this.#payload);
    else this.#placehold();
  }

  /** Emphasise what is of another category than the query. */
  compare(code: number): void {
    const own = colorValue(this.store, this.place.row)?.code ?? -1;
    this.host.classList.toggle("es-other", code >= 0 && own >= 0 && own !== code);
  }

  get #pictured(): boolean {
    return this.store.get("universe").modality === "image";
  }

  #rank(): void {
    const { rank, distance: far, farthest } = this.at;
    this.#open.setAttribute("aria-label", `Open the original of neighbour ${rank}`);
    const filled = element("span");
    const share = farthest > 0 ? Math.max(0, Math.min(1, far / farthest)) : 0;
    filled.style.width = `${100 * share}%`;
    this.head.replaceChildren(
      element("span", { class: "es-near-rank" }, String(rank)),
      element("span", { class: "es-near-bar", "aria-hidden": "true" }, filled),
      element("span", { class: "es-near-distance" }, distance(far)),
    );
  }

  #picture(thumbnail: Blob): void {
    const image = element("img", { alt: "" });
    this.pictures.show(image, thumbnail);
    this.#frame.replaceChildren(image);
  }

  #show(lines: HTMLElement): void {
    this.#body.replaceChildren(...(this.#pictured ? [this.#frame] : []), lines);
  }

  /** As large as what will come, so that nothing moves when it does. */
  #placehold(): void {
    const lines = element("span", { class: "es-near-lines" });
    const kind = this.#pictured ? "es-near-title" : "es-near-text";
    lines.append(element("span", { class: `${kind} es-blank` }, "\u00a0"));
    lines.append(valueLine(this.store, this.place.row));
    this.#show(lines);
  }
}
