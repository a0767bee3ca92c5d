import type { ScopeStore } from "../../state";
import { project, type View } from "./geometry";

const SVG = "http://www.w3.org/2000/svg";

/** One neighbour on the map: its ring, and a line from the query or a number. */
interface Mark {
  row: number;
  ring: SVGElement;
  line: SVGElement | undefined;
  number: SVGElement | undefined;
}

type Place = [number, number];

/** How near to a better rank's number another one is left away. */
const NUMBER_ROOM = 13;

/** The query and its neighbours over the points: lines from an item to its neighbours, or their ranks. */
export class Lines {
  readonly host = make("svg", { class: "es-lines", "aria-hidden": "true" });
  #marks: Mark[] = [];
  #query: { row: number; nodes: SVGElement[] } | undefined;

  constructor(
    private readonly store: ScopeStore,
    private readonly view: () => View,
    signal: AbortSignal,
  ) {
    const renew = (): void => this.#renew();
    for (const key of ["query", "found", "universe"] as const) store.on(key, renew, signal);
    renew();
  }

  /** Follow the camera. */
  follow(): void {
    if (this.#marks.length === 0 && !this.#query) return;
    const view = this.view();
    const from = this.#query && this.#place(this.#query.row, view);
    if (from) for (const node of this.#query?.nodes ?? []) put(node, { cx: from[0], cy: from[1] });
    const numbered: Place[] = [];
    for (const mark of this.#marks) {
      const at = this.#place(mark.row, view);
      putMark(mark, at, from);
      if (mark.number) putNumber(mark.number, at, numbered);
    }
  }

  #renew(): void {
    const { store } = this;
    const n = store.get("universe").n;
    const query = store.get("query");
    const rows = (query && store.get("found")?.rows.filter((row) => row < n)) || [];
    const item = query?.kind === "item" && query.row < n ? query.row : -1;
    this.#query = item < 0 ? undefined : { row: item, nodes: [circle("es-halo", 15), circle("es-asked", 8)] };
    this.#marks = rows.map((row, rank) => markOf(row, rank, rows.length, item >= 0));
    this.host.replaceChildren(
      ...this.#marks.flatMap(({ line }) => line ?? []),
      ...(this.#query?.nodes ?? []),
      ...this.#marks.flatMap(({ ring, number }) => (number ? [ring, number] : [ring])),
    );
    this.follow();
  }

  #place(row: number, view: View): Place {
    const coords = this.store.get("coords");
    return project(view, coords[2 * row] ?? 0, coords[2 * row + 1] ?? 0);
  }
}

function markOf(row: number, rank: number, count: number, fromItem: boolean): Mark {
  const ring = circle("es-near", 5.5);
  const strength = 0.85 - 0.6 * (rank / Math.max(1, count - 1));
  const line = fromItem ? make("line", { "stroke-opacity": strength.toFixed(2) }) : undefined;
  const number = fromItem ? undefined : make("text", {});
  if (number) number.textContent = String(rank + 1);
  return { row, ring, line, number };
}

function putMark({ ring, line }: Mark, at: Place, from: Place | undefined): void {
  put(ring, { cx: at[0], cy: at[1] });
  if (line && from) put(line, ends(from, at));
}

/** A rank beside its ring, unless a better one stands there. */
function putNumber(number: SVGElement, [x, y]: Place, numbered: Place[]): void {
  const free = numbered.every(([px, py]) => Math.max(Math.abs(px - x), Math.abs(py - y)) >= NUMBER_ROOM);
  number.setAttribute("visibility", free ? "visible" : "hidden");
  if (free) numbered.push([x, y]);
  put(number, { x: x + 8, y: y - 6 });
}

/** A line from ring to ring: inside them it would hide the points. */
function ends([x1, y1]: Place, [x2, y2]: Place): Record<string, number> {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [start, end] = length > 16 ? [9, 6.5] : [0, 0];
  return { x1: x1 + start * ux, y1: y1 + start * uy, x2: x2 - end * ux, y2: y2 - end * uy };
}

function circle(name: string, r: number): SVGElement {
  return make("circle", { class: name, r: String(r) });
}

function make(tag: string, attributes: Record<string, string>): SVGElement {
  const node = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function put(node: SVGElement, places: Record<string, number>): void {
  for (const [name, value] of Object.entries(places)) node.setAttribute(name, value.toFixed(1));
}
