import { Complaint } from "../../complaint";
import { element } from "../../dom";
import type { Source } from "../../source/source";
import { colorValue } from "../../value";
import type { Place } from "./arrange";
import type { Box } from "./labels";
import { askedBox, askedRow, choosePlaces, type Gallery, spotOf } from "./pictured";

const STILL_MS = 120;
const BATCH = 64;
const KEPT = 600;

export interface ThumbnailsContext extends Gallery {
  source: Source;
  /** Other pictures hang now, or elsewhere. */
  changed: () => void;
  signal: AbortSignal;
}

/** Pictures of items over their points: as many as have room, asked for once the camera is still. */
export class Thumbnails {
  readonly host = element("div", { class: "es-thumbs", "aria-hidden": "true" });
  readonly #context: ThumbnailsContext;
  readonly #complaint: Complaint;
  /** Object URLs by row, oldest first; "" for what has no picture. */
  readonly #urls = new Map<number, string>();
  readonly #shown = new Map<number, HTMLImageElement>();
  #places = new Map<number, Place>();
  #on = false;
  #asked = new AbortController();
  #rest: ReturnType<typeof setTimeout> | undefined;
  #seen = "";

  constructor(context: ThumbnailsContext) {
    this.#context = context;
    const { store, signal } = context;
    this.#complaint = new Complaint(store);
    store.on("universe", () => this.#forget(), signal);
    for (const key of ["color", "dark"] as const) store.on(key, () => this.#ring(), signal);
    const chosenBy = ["query", "found", "findProblem", "selection"] as const;
    for (const key of chosenBy) store.on(key, () => this.refresh(), signal);
    const close = (): void => {
      this.#on = false;
      this.#forget();
    };
    signal.addEventListener("abort", close, { once: true });
  }

  get on(): boolean {
    return this.#on;
  }

  /** The room that must stay free for the picture of what is asked for. */
  get asked(): Box[] {
    const box = this.#on ? askedBox(this.#context) : undefined;
    return box ? [box] : [];
  }

  /** How a row's picture hangs; undefined where none does. */
  placeOf(row: number): Place | undefined {
    return this.#shown.has(row) ? this.#places.get(row) : undefined;
  }

  show(on: boolean): void {
    this.#on = on;
    this.host.hidden = !on;
    if (on) this.refresh();
    else this.#drop();
  }

  /** Follow the camera: what hangs moves along, and once the camera is still, others may join. */
  follow(): void {
    if (!this.#on) return;
    const { view } = this.#context.plot;
    const seen = `${Array.from(view.matrix).join()} ${view.width} ${view.height}`;
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.goAlong();
    this.refresh();
  }

  /** The points lie elsewhere: what hangs on them moves along. */
  goAlong(): void {
    for (const [row, image] of this.#shown) this.#move(image, row);
  }

  /** Choose again in a moment: the camera has moved, or other points are shown. */
  refresh(): void {
    this.#asked.abort();
    clearTimeout(this.#rest);
    if (this.#on) this.#rest = setTimeout(() => void this.#choose(), STILL_MS);
  }

  async #choose(): Promise<void> {
    const asked = new AbortController();
    this.#asked = asked;
    const places = choosePlaces(this.#context, this.#shown.keys());
    const rows = new Set(places.map(({ row }) => row));
    for (const row of [...this.#shown.keys()]) if (!rows.has(row)) this.#remove(row);
    this.#places = new Map(places.map((place) => [place.row, place]));
    this.goAlong();
    const missing = [...rows].filter((row) => !this.#urls.has(row));
    for (const row of rows) this.#add(row);
    this.#context.changed();
    try {
      for (let i = 0; i < missing.length && !asked.signal.aborted; i += BATCH) {
        await this.#fetch(missing.slice(i, i + BATCH), asked.signal);
      }
      this.#complaint.takeBack();
    } catch (error) {
      if (!asked.signal.aborted) this.#complaint.say(error);
    }
  }

  async #fetch(rows: number[], signal: AbortSignal): Promise<void> {
    const payloads = await this.#context.source.payload(rows, signal);
    if (signal.aborted) return;
    for (const { row, thumbnail } of payloads) {
      this.#urls.set(row, thumbnail ? URL.createObjectURL(thumbnail) : "");
      this.#add(row);
    }
    this.#context.changed();
    this.#trim();
  }

  #add(row: number): void {
    const url = this.#urls.get(row);
    if (!url || this.#shown.has(row)) return;
    const image = element("img", { class: "es-thumb", src: url, alt: "", draggable: "false" });
    image.style.setProperty("--es-ring", colorValue(this.#context.store, row)?.color ?? "");
    this.#shown.set(row, image);
    this.#move(image, row);
    this.host.append(image);
  }

  #move(image: HTMLImageElement, row: number): void {
    const { dx, dy, side } = this.#places.get(row) ?? { dx: 0, dy: 0, side: 0 };
    const { x, y } = spotOf(this.#context, row);
    const asked = row === askedRow(this.#context.store);
    image.classList.toggle("es-thumb-asked", asked && dx === 0 && dy === 0);
    image.style.width = image.style.height = `${side}px`;
    const [left, top] = [x + dx - side / 2, y + dy - side / 2];
    image.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
  }

  #ring(): void {
    for (const [row, image] of this.#shown) {
      image.style.setProperty("--es-ring", colorValue(this.#context.store, row)?.color ?? "");
    }
  }

  #remove(row: number): void {
    this.#shown.get(row)?.remove();
    this.#shown.delete(row);
  }

  #trim(): void {
    for (const [row, url] of this.#urls) {
      if (this.#urls.size <= KEPT) return;
      if (this.#shown.has(row)) continue;
      if (url) URL.revokeObjectURL(url);
      this.#urls.delete(row);
    }
  }

  #drop(): void {
    this.#asked.abort();
    clearTimeout(this.#rest);
    for (const row of [...this.#shown.keys()]) this.#remove(row);
    this.#seen = "";
    this.#context.changed();
  }

  #forget(): void {
    this.#drop();
    for (const url of this.#urls.values()) if (url) URL.revokeObjectURL(url);
    this.#urls.clear();
    this.refresh();
  }
}
