import { element } from "../../dom";
import { cut, excerpt, marked } from "../../marked";
import type { Payload, Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { colorValue, dot } from "../../value";

const REST_MS = 50;
const GAP = 14;
const MOST_TITLE = 200;
const MOST_NAME = 60;
const MOST_TEXT = 400;

/** The card beside the point under the pointer: its text or thumbnail, its colour's value, and chosen columns. */
export class Card {
  readonly host = element("div", { class: "es-card", role: "tooltip", hidden: "" });
  #anchor: [number, number] = [0, 0];
  #asked = new AbortController();
  #picture = "";

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    signal: AbortSignal,
  ) {
    store.on("busy", () => this.#markBusy(), signal);
    signal.addEventListener("abort", () => this.hide(), { once: true });
  }

  /** Show a row's card beside a place on the map, in CSS pixels. */
  show(row: number, anchor: [number, number]): void {
    this.hide();
    this.#anchor = anchor;
    const asked = new AbortController();
    this.#asked = asked;
    const rest = setTimeout(() => void this.#fetch(row, asked.signal), REST_MS);
    asked.signal.addEventListener("abort", () => clearTimeout(rest), { once: true });
  }

  hide(): void {
    this.#asked.abort();
    this.host.hidden = true;
    this.host.replaceChildren();
    if (this.#picture) URL.revokeObjectURL(this.#picture);
    this.#picture = "";
  }

  async #fetch(row: number, signal: AbortSignal): Promise<void> {
    this.#fill(this.#valueLine(row), element("p", { class: "es-card-wait" }, "Loading…"));
    try {
      const [payload] = await this.source.payload([row], signal);
      if (!signal.aborted && payload) this.#fill(...this.#content(payload));
    } catch (error) {
      if (signal.aborted) return;
      const words = error instanceof Error ? error.message : String(error);
      this.#fill(this.#valueLine(row), element("p", { class: "es-card-wait" }, words));
    }
  }

  #content(payload: Payload): Node[] {
    const body = element("div", { class: "es-card-body" });
    if (payload.thumbnail) body.append(this.#image(payload.thumbnail, payload.title || payload.id));
    const words = element("div", { class: "es-card-words" });
    const sought = this.store.get("words");
    const { title, text } = payload;
    if (title)
      words.append(element("bdi", { class: "es-card-title" }, ...marked(cut(title, MOST_TITLE), sought)));
    if (text) {
      const shown = marked(excerpt(text, sought, MOST_TEXT), sought);
      words.append(element("p", { class: "es-card-text", dir: "auto" }, ...shown));
    }
    body.append(words);
    const columns = Object.entries(payload.columns);
    const table = element("dl", { class: "es-card-columns" });
    for (const [name, value] of columns) {
      const shown = marked(cut(value, MOST_TITLE), this.store.get("words"));
      table.append(element("dt", {}, cut(name, MOST_NAME)), element("dd", { dir: "auto" }, ...shown));
    }
    return [this.#valueLine(payload.row), body, ...(columns.length > 0 ? [table] : [])];
  }

  #image(thumbnail: Blob, alt: string): HTMLImageElement {
    this.#picture = URL.createObjectURL(thumbnail);
    return element("img", { class: "es-card-image", src: this.#picture, alt });
  }

  #valueLine(row: number): HTMLElement {
    const line = element("div", { class: "es-card-value" });
    const value = colorValue(this.store, row);
    if (value) line.append(dot(value.color), element("bdi", {}, value.words));
    return line;
  }

  #fill(...content: Node[]): void {
    this.host.replaceChildren(...content);
    this.host.hidden = false;
    this.#markBusy();
    this.#move();
  }

  #markBusy(): void {
    const wait = this.host.querySelector(".es-card-wait");
    if (wait && this.store.get("busy")) wait.textContent = "The kernel is busy; waiting for it…";
  }

  /** Right of and below the point, or on the other side where that would leave the map. */
  #move(): void {
    const map = this.host.parentElement;
    if (!map) return;
    const [x, y] = this.#anchor;
    const { offsetWidth: width, offsetHeight: height } = this.host;
    const left = x + GAP + width <= map.clientWidth ? x + GAP : x - GAP - width;
    const top = y + GAP + height <= map.clientHeight ? y + GAP : y - GAP - height;
    const room = (at: number, size: number, whole: number): number =>
      Math.max(4, Math.min(at, whole - size - 4));
    this.host.style.left = `${room(left, width, map.clientWidth)}px`;
    this.host.style.top = `${room(top, height, map.clientHeight)}px`;
  }
}
