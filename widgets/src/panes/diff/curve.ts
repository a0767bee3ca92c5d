import { svg } from "../../dom";
import type { Truncation } from "../../source/source";
import { nearestTo, shareOf } from "./scale";

const HEIGHT = 50;
/** Room for half a slider's thumb at either end, and for half a dot above and below. */
const INSET = 7;
const EDGE = 5;

export interface CurveAsks {
  /** Someone points at a measured place; null: no longer. */
  point(dims: number | null): void;
  choose(dims: number): void;
}

/** Recall over dims as a line; the place of the dims in use is marked, and a click takes those of a dot. */
export class Curve {
  readonly host = svg("svg", { class: "es-curve", role: "img" });
  #curve: Truncation | null = null;
  #dims = 0;
  #full = 1;

  constructor(asks: CurveAsks, signal: AbortSignal) {
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(this.host);
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
    const { host } = this;
    const measured = (event: MouseEvent): number | null => this.#measuredAt(event);
    host.addEventListener("pointermove", (event) => asks.point(measured(event)), { signal });
    host.addEventListener("pointerleave", () => asks.point(null), { signal });
    const choose = (event: MouseEvent): void => {
      const dims = measured(event);
      if (dims !== null) asks.choose(dims);
    };
    host.addEventListener("click", choose, { signal });
  }

  show(curve: Truncation | null, dims: number, full: number): void {
    this.#curve = curve;
    this.#dims = dims;
    this.#full = full;
    this.host.setAttribute("aria-label", wordsOf(curve));
    this.#draw();
  }

  #measuredAt({ clientX }: MouseEvent): number | null {
    if (!this.#curve) return null;
    const { left } = this.host.getBoundingClientRect();
    return nearestTo((clientX - left - INSET) / this.#span, this.#curve.dims, this.#full);
  }

  get #span(): number {
    return Math.max(1, this.host.clientWidth - 2 * INSET);
  }

  #draw(): void {
    const xOf = (dims: number): number => INSET + this.#span * shareOf(dims, this.#full);
    const end = INSET + this.#span;
    const rules = [0.5, 1].map((y) =>
      svg("path", { class: "es-curve-rule", d: `M${INSET} ${yOf(y)}H${end}` }),
    );
    const marks = [0.5, 1].map((y) => label(String(y), yOf(y)));
    const at = xOf(this.#dims);
    const now = svg("path", { class: "es-curve-now", d: `M${at} ${yOf(1)}V${HEIGHT}` });
    const points = this.#curve?.dims.map((dims, i) => ({
      dims,
      x: xOf(dims),
      y: yOf(this.#curve?.recall[i] ?? 0),
    }));
    const line = points?.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("") ?? "";
    const dots = (points ?? []).map(({ dims, x, y }) =>
      svg("circle", {
        class: dims === this.#dims ? "es-curve-dot es-curve-at" : "es-curve-dot",
        cx: String(x),
        cy: String(y),
        r: dims === this.#dims ? "4" : "2.5",
        "data-dims": String(dims),
      }),
    );
    this.host.replaceChildren(
      ...rules,
      ...marks,
      now,
      svg("path", { class: "es-curve-line", d: line }),
      ...dots,
    );
    this.host.classList.toggle("es-measured", this.#curve !== null);
  }
}

function label(words: string, y: number): SVGTextElement {
  const made = svg("text", { class: "es-curve-label", x: "0", y: String(y) });
  made.textContent = words;
  return made;
}

function yOf(recall: number): number {
  return HEIGHT - EDGE - recall * (HEIGHT - 2 * EDGE);
}

function wordsOf(curve: Truncation | null): string {
  if (!curve) return "Recall over dims, not measured yet";
  const values = curve.dims.map((dims, i) => `${(curve.recall[i] ?? Number.NaN).toFixed(2)} at ${dims} dims`);
  return `recall@${curve.k} against the full vectors: ${values.join(", ")}`;
}
