import type { ScopeStore } from "../../state";
import type { Place as Hung } from "./arrange";
import { project, type View } from "./geometry";

const SVG = "http://www.w3.org/2000/svg";

/** One neighbour on the map: its ring, a line from the query or a number, and a leader to a picture beside it. */
interface Mark {
  row: number;
  ring: SVGElement;
  leader: SVGElement;
  line: SVGElement | undefined;
  number: SVGElement | undefined;
}

type Place = [number, number];

/** How near to a better rank's number another one is left away. */
const NUMBER_ROOM = 13;

/** The query and its neighbours over the points: lines from an item to its neighbours, or their ranks. */
export class Lines {
  readonly host = make("svg", { class: "es-lines", "aria-hidden": "true" });
  /** Ranks lie over the pictures, lines and rings under them. */
  readonly ranks = make("svg", { class: "es-lines", "aria-hidden": "true" });
  #marks: Mark[] = [];
  #query: { row: number; nodes: SVGElement[]; leader: SVGElement } | undefined;

  constructor(
    private readonly store: ScopeStore,
    private readonly view: () => View,
    private readonly pictured: (row: number) => Hung | undefined,
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
    const query = this.#query;
    const from = query && this.#place(query.row, view);
    if (query && from) {
      for (const node of query.nodes) put(node, { cx: from[0], cy: from[1] });
      putLeader(query.leader, from, this.pictured(query.row));
    }
    const numbered: Place[] = [];
    for (const mark of this.#marks) {
      const at = this.#place(mark.row, view);
      putMark(mark, at, from);
      const hung = this.pictured(mark.row);
      putLeader(mark.leader, at, hung);
      if (mark.number) putNumber(mark.number, cornerOf(at, hung), numbered);
    }
  }

  #renew(): void {
    const { store } = this;
    const n = store.get("universe").n;
    const query = store.get("query");
    const rows = (query && store.get("found")?.rows.filter((row) => row < n)) || [];
    const item = query?.kind === "item" && query.row < n ? query.row : -1;
    const nodes = [circle("es-halo", 15), circle("es-asked", 8)];
    this.#query = item < 0 ? undefined : { row: item, nodes, leader: leader() };
    this.#marks = rows.map((row, rank) => markOf(row, rank, rows.length, item >= 0));
    this.host.replaceChildren(
      ...this.#marks.flatMap(({ line }) => line ?? []),
      ...(this.#query ? [this.#query.leader, ...this.#query.nodes] : []),
      ...this.#marks.flatMap((mark) => [mark.leader, mark.ring]),
    );
    this.ranks.replaceChildren(...this.#marks.flatMap(({ number }) => number ?? []));
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
  return { row, ring, leader: leader(), line, number };
}

function putMark({ ring, line }: Mark, at: Place, from: Place | undefined): void {
  put(ring, { cx: at[0], cy: at[1] });
  if (line && from) put(line, ends(from, at));
}

/** From a point to its picture, where that hangs beside it. */
function putLeader(node: SVGElement, [x, y]: Place, hung: Hung | undefined): void {
  const beside = hung && (hung.dx !== 0 || hung.dy !== 0);
  node.setAttribute("d", beside ? `M${x} ${y}l${hung.dx} ${hung.dy}` : "");
}

/** What a rank stands beside: the ring, or the upper right corner of the picture. */
function cornerOf([x, y]: Place, hung: Hung | undefined): Place {
  if (!hung) return [x, y];
  const half = hung.side / 2 - 8;
  return [x + hung.dx + half, y + hung.dy - half];
}

/** A rank at its place, unless a better one stands there. */
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

function leader(): SVGElement {
  return make("path", { class: "es-leader" });
}

function make(tag: string, attributes: Record<string, string>): SVGElement {
  const node = document.createElementNS(SVG, tag) as SVGElement;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function put(node: SVGElement, places: Record<string, number>): void {
  for (const [name, value] of Object.entries(places)) node.setAttribute(name, value.toFixed(1));
}
