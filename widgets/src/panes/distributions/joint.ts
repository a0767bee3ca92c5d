import { element } from "../../dom";
import { count } from "../../format";
import type { PairKind, Side } from "../../source/source";
import { groundAxis, rangeOf, sideAxis } from "./axes";
import { type Frame, squareOf } from "./frame";
import {
  type Cell,
  cellAt,
  cellMoved,
  countAt,
  density,
  fullestCell,
  type Joint,
  jointOf,
  quantileLine,
} from "./joint_bins";
import { placeOn } from "./scales";
import { svg } from "./svg";

/** Opacity of a single pair; empty bins have none. */
const FAINTEST = 0.1;

export interface JointFacts {
  kind: PairKind;
  title: string;
  edges: readonly number[];
  unit: string;
  names: Record<Side, string>;
}

export interface JointEvents {
  point(kind: PairKind, cell: Cell | null): void;
  open(kind: PairKind, cell: Cell): void;
}

/** Teacher's distance across and student's up: where pairs leave the diagonal, the student moved them. */
export class JointPlot {
  readonly host = element("div", { class: "es-joint" });
  #canvas = element("canvas", { class: "es-joint-canvas", tabindex: "0", role: "application" });
  #svg = svg("svg", { class: "es-joint-lines", "aria-hidden": "true" });
  #now = svg("rect", { class: "es-joint-cell", visibility: "hidden" });
  #opened = svg("rect", { class: "es-joint-cell es-open", visibility: "hidden" });
  #facts: JointFacts | null = null;
  #joint: Joint | null = null;
  #frame: Frame = squareOf(0, 0);
  #at: Cell | null = null;

  constructor(
    private readonly on: JointEvents,
    signal: AbortSignal,
  ) {
    this.host.append(this.#canvas, this.#svg);
    const canvas = this.#canvas;
    canvas.addEventListener("pointermove", (event) => this.#look(this.#cellOf(event)), { signal });
    canvas.addEventListener("pointerleave", () => this.#look(null), { signal });
    canvas.addEventListener("focus", () => this.#start(), { signal });
    canvas.addEventListener("blur", () => this.#look(null), { signal });
    canvas.addEventListener("click", (event) => this.#open(this.#cellOf(event)), { signal });
    canvas.addEventListener("keydown", (event) => this.#press(event), { signal });
  }

  /** Draw anew; false: this kind has no joint histogram. */
  draw(facts: JointFacts, width: number, height: number): boolean {
    const { kind, edges, unit, names } = facts;
    const bins = kind.teacher.length;
    if (this.#facts?.kind.kind !== kind.kind || this.#joint?.bins !== bins) this.#at = null;
    this.#facts = facts;
    this.#joint = jointOf(kind.joint, bins);
    this.#frame = squareOf(width, height);
    if (!this.#joint) return false;
    this.#canvas.dataset.kind = kind.kind;
    this.#canvas.dataset.bins = String(bins);
    const said = `${facts.title}: ${names.teacher} across, ${names.student} up. Arrow keys move, Enter opens the pairs of a place.`;
    this.#canvas.setAttribute("aria-label", said);
    this.#svg.setAttribute("width", String(width));
    this.#svg.setAttribute("height", String(height));
    this.#paint(this.#joint);
    this.#svg.replaceChildren(
      groundAxis(this.#frame, edges, `${names.teacher}, ${unit}`),
      sideAxis(this.#frame, edges),
      this.#upwards(names.student),
      this.#diagonal(),
      this.#quantiles(kind, edges),
      this.#opened,
      this.#now,
    );
    return true;
  }

  /** The cell whose pairs are shown. */
  mark(kind: string, cell: Cell | null): void {
    this.#show(this.#opened, this.#facts?.kind.kind === kind ? cell : null);
  }

  focus(): void {
    this.#canvas.focus({ preventScroll: true });
  }

  /** The most pairs that one bin holds, in words. */
  get most(): string {
    return count(this.#joint?.most ?? 0);
  }

  #paint({ bins, counts, most }: Joint): void {
    const { left, top, plot } = this.#frame;
    const ratio = window.devicePixelRatio || 1;
    const size = Math.round(plot * ratio);
    const canvas = this.#canvas;
    Object.assign(canvas.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${plot}px`,
      height: `${plot}px`,
    });
    canvas.width = size;
    canvas.height = size;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.fillStyle = getComputedStyle(this.host).color;
    // Whole pixels, so that no seams show between bins.
    const edge = (bin: number): number => Math.round((bin * size) / bins);
    counts.forEach((pairs, at) => {
      if (pairs === 0) return;
      const [teacher, student] = [Math.floor(at / bins), at % bins];
      pen.globalAlpha = FAINTEST + (1 - FAINTEST) * density(pairs, most);
      const [x, y] = [edge(teacher), size - edge(student + 1)];
      pen.fillRect(x, y, edge(teacher + 1) - x, size - edge(student) - y);
    });
  }

  #upwards(name: string): SVGTextElement {
    const { left, top } = this.#frame;
    return svg("text", { class: "es-dist-tick", x: left + 8, y: top + 12 }, `↑ ${name}`);
  }

  #diagonal(): SVGLineElement {
    const { left, top, plot } = this.#frame;
    const ends = { x1: left, y1: top + plot, x2: left + plot, y2: top };
    return svg("line", { class: "es-joint-diagonal", ...ends });
  }

  #quantiles(kind: PairKind, edges: readonly number[]): SVGPathElement {
    const { left, top, plot } = this.#frame;
    const range = rangeOf(edges);
    const points = quantileLine(kind.teacher, kind.student, edges).map(([teacher, student]) => {
      const [x, y] = [left + placeOn(teacher, range, plot), top + plot - placeOn(student, range, plot)];
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    return svg("path", { class: "es-joint-quantiles", d: points.length > 0 ? `M${points.join("L")}` : "" });
  }

  #cellOf(event: MouseEvent): Cell | null {
    const box = this.#canvas.getBoundingClientRect();
    return cellAt(event.clientX - box.left, event.clientY - box.top, box.width, this.#joint?.bins ?? 0);
  }

  #start(): void {
    if (!this.#joint) return;
    this.#at ??= fullestCell(this.#joint);
    if (this.#canvas.matches(":focus-visible")) this.#look(this.#at);
  }

  #look(cell: Cell | null): void {
    this.#show(this.#now, cell);
    if (this.#facts) this.on.point(this.#facts.kind, cell);
  }

  #open(cell: Cell | null): void {
    if (!cell || !this.#facts || !this.#joint || countAt(this.#joint, cell) === 0) return;
    this.#at = cell;
    this.on.open(this.#facts.kind, cell);
  }

  #press(event: KeyboardEvent): void {
    if (!this.#joint || event.ctrlKey || event.metaKey || event.altKey) return;
    this.#at ??= fullestCell(this.#joint);
    const next = cellMoved(this.#at, event.key, this.#joint.bins);
    if (next) {
      this.#at = next;
      this.#look(next);
    } else if (event.key === "Enter" || event.key === " ") this.#open(this.#at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #show(rect: SVGRectElement, cell: Cell | null): void {
    rect.setAttribute("visibility", cell ? "visible" : "hidden");
    if (!cell || !this.#joint) return;
    const { left, top, plot } = this.#frame;
    const step = plot / this.#joint.bins;
    const box = { x: left + cell.teacher * step, y: top + plot - (cell.student + 1) * step };
    for (const [name, value] of Object.entries({ ...box, width: step, height: step }))
      rect.setAttribute(name, String(value));
  }
}
