import { Complaint } from "../../complaint";
import { element } from "../../dom";
import type { Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { colorValue } from "../../value";
import { project, type View } from "./geometry";
import type { Box } from "./labels";
import type { Plot } from "./plot";
import { hang, lot, type Spot } from "./spots";

const STILL_MS = 120;
const BATCH = 64;
const KEPT = 600;
const MOST = 220;
/** Of more rows in sight, chance takes about so many. */
const MOST_CONSIDERED = 6000;
const AIR = 6;

export interface ThumbnailsContext {
  plot: Plot;
  store: ScopeStore;
  source: Source;
  reserved: () => Box[];
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
    const close = (): void => {
      this.#on = false;
      this.#forget();
    };
    signal.addEventListener("abort", close, { once: true });
  }

  get on(): boolean {
    return this.#on;
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
    for (const [row, image] of this.#shown) this.#move(image, row, view);
    this.refresh();
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
    const chosen = this.#spots();
    const rows = new Set(chosen.map(({ row }) => row));
    for (const row of [...this.#shown.keys()]) if (!rows.has(row)) this.#remove(row);
    const missing = [...rows].filter((row) => !this.#urls.has(row));
    for (const row of rows) this.#add(row);
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
    this.#trim();
  }

  /** What hangs already comes first, so that nothing changes places; then the query and its neighbours; then chance. */
  #spots(): Spot[] {
    const { plot, store, reserved } = this.#context;
    const { width, height } = plot.view;
    const pitch = this.#size + AIR;
    const query = store.get("query");
    const near = query?.kind === "item" ? [query.row] : [];
    const first = [...near, ...(store.get("found")?.rows ?? []), ...this.#shown.keys()];
    const shown = first.filter((row) => row < store.get("universe").n && plot.isShown(row));
    const spots = [...shown, ...this.#drawLots()].map((row) => this.#spot(row, plot.view));
    const unique = new Map(spots.map((spot) => [spot.row, spot])).values();
    return hang(unique, { width, height, pitch, most: MOST, reserved: reserved() });
  }

  #drawLots(): number[] {
    const { plot } = this.#context;
    let count = 0;
    plot.inSight(() => {
      count++;
    });
    const limit = count > MOST_CONSIDERED ? (MOST_CONSIDERED / count) * 2 ** 32 : 2 ** 32;
    const rows: number[] = [];
    plot.inSight((row) => {
      if (lot(row) < limit) rows.push(row);
    });
    return rows.sort((a, b) => lot(a) - lot(b));
  }

  #spot(row: number, view: View): Spot {
    const coords = this.#context.store.get("coords");
    const [x, y] = project(view, coords[2 * row] ?? 0, coords[2 * row + 1] ?? 0);
    return { row, x, y };
  }

  get #size(): number {
    return Math.round(Math.min(40, 28 * Math.max(1, this.#context.plot.zoom) ** 0.2));
  }

  #add(row: number): void {
    const url = this.#urls.get(row);
    if (!url || this.#shown.has(row)) return;
    const image = element("img", { class: "es-thumb", src: url, alt: "", draggable: "false" });
    image.style.setProperty("--es-ring", colorValue(this.#context.store, row)?.color ?? "");
    this.#shown.set(row, image);
    this.#move(image, row, this.#context.plot.view);
    this.host.append(image);
  }

  #move(image: HTMLImageElement, row: number, view: View): void {
    const { x, y } = this.#spot(row, view);
    const half = this.#size / 2;
    image.style.width = image.style.height = `${2 * half}px`;
    image.style.transform = `translate(${(x - half).toFixed(1)}px, ${(y - half).toFixed(1)}px)`;
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
  }

  #forget(): void {
    this.#drop();
    for (const url of this.#urls.values()) if (url) URL.revokeObjectURL(url);
    this.#urls.clear();
    this.refresh();
  }
}
