import { swatch } from "../../colors";
import { element } from "../../dom";
import { measure } from "../../format";
import type { Payload, Source } from "../../source/source";
import type { CategoryColor, ScopeStore } from "../../state";

const REST_MS = 50;
const GAP = 14;

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
    if (payload.title) words.append(element("bdi", { class: "es-card-title" }, payload.title));
    if (payload.text) words.append(element("p", { class: "es-card-text", dir: "auto" }, payload.text));
    body.append(words);
    const columns = Object.entries(payload.columns);
    const table = element("dl", { class: "es-card-columns" });
    for (const [name, value] of columns) {
      table.append(element("dt", {}, name), element("dd", { dir: "auto" }, value));
    }
    return [this.#valueLine(payload.row), body, ...(columns.length > 0 ? [table] : [])];
  }

  #image(thumbnail: Blob, alt: string): HTMLImageElement {
    this.#picture = URL.createObjectURL(thumbnail);
    return element("img", { class: "es-card-image", src: this.#picture, alt });
  }

  #valueLine(row: number): HTMLElement {
    const color = this.store.get("color");
    const line = element("div", { class: "es-card-value" });
    if (color.kind === "number") line.append(`${color.title} ${measure(color.values[row] ?? Number.NaN)}`);
    if (color.kind === "category") line.append(...this.#category(color, color.codes[row] ?? 0));
    return line;
  }

  #category({ colors, names }: CategoryColor, code: number): Node[] {
    const dot = element("span", { class: "es-swatch", "aria-hidden": "true" });
    dot.style.background = swatch(colors[code] ?? "#888888", this.store.get("dark"));
    return [dot, element("bdi", {}, names[code] ?? "")];
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
