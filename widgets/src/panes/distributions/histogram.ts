import { element } from "../../dom";
import type { PairBin, PairKind, Side } from "../../source/source";
import { countAxis, groundAxis } from "./axes";
import { fullest, moved, type Place } from "./bin_keys";
import { type Frame, frameOf } from "./frame";
import { type CountKind, countScale } from "./scales";
import { Hatch, meanMarks, outlines, SIDES, thinOutlines } from "./shapes";
import { binAt, type Reach, reaches } from "./steps";
import { svg } from "./svg";
import { barLabel } from "./words";

/** What a panel of two histograms shows. */
export interface PanelFacts {
  kind: PairKind;
  title: string;
  /** What stands beside the title; empty where the head says it. */
  caption: string;
  edges: readonly number[];
  unit: string;
  names: Record<Side, string>;
  counts: CountKind;
  /** Pairs among the selected items, drawn thin; null: none. */
  selected: PairKind | null;
  axis: boolean;
}

/** What happens on a panel. */
export interface PanelEvents {
  /** A bin is looked at, on a side or where neither side has pairs; null: none is any more. */
  point(kind: PairKind, at: { bin: number; side: Side | null } | null): void;
  open(kind: PairKind, place: Place): void;
}

/** Teacher's and student's distances of one kind of pairs, as outlines over each other whose bins can be opened. */
export class Histogram {
  readonly host = element("div", { class: "es-dist-panel" });
  #caption = element("p", { class: "es-dist-caption" });
  #svg = svg("svg", { role: "group", class: "es-dist-svg" });
  #hatch = new Hatch();
  #now = svg("rect", { class: "es-dist-bar", visibility: "hidden" });
  #opened = svg("rect", { class: "es-dist-bar es-open", visibility: "hidden" });
  #ring = svg("rect", { class: "es-dist-ring", visibility: "hidden" });
  #hits = svg("g", {});
  #facts: PanelFacts | null = null;
  #frame: Frame = frameOf(0, 0, true);
  #reaches: Reach[] = [];
  #at: Place | null = null;

  constructor(
    private readonly on: PanelEvents,
    signal: AbortSignal,
  ) {
    this.host.append(this.#caption, this.#svg);
    const { host } = this;
    host.addEventListener("pointermove", (event) => this.#point(event), { signal });
    host.addEventListener("pointerleave", () => this.#leave(), { signal });
    host.addEventListener("focusin", (event) => this.#focused(event.target), { signal });
    host.addEventListener("focusout", () => this.#blurred(), { signal });
    host.addEventListener("click", (event) => this.#open(placeOf(event.target)), { signal });
    host.addEventListener("keydown", (event) => this.#press(event), { signal });
  }

  /** Draw anew; a focus on a bin stays on it. */
  draw(facts: PanelFacts, width: number, height: number): void {
    const focused = this.#hits.contains(document.activeElement) ? this.#at : null;
    const { kind } = facts;
    this.#facts = facts;
    this.#frame = frameOf(width, height, facts.axis);
    this.#head(facts, width, height);
    const { room, plot } = this.#frame;
    const most = Math.max(0, ...kind.teacher, ...kind.student);
    const scale = countScale(facts.counts, most, room);
    const heights = SIDES.map((side) => kind[side].map((pairs) => scale.height(pairs)));
    this.#reaches = reaches(heights[0] ?? [], heights[1] ?? [], plot, room);
    this.#settle(kind);
    this.#hits.replaceChildren(...this.#reaches.map((reach) => this.#hit(reach)));
    this.#now.setAttribute("visibility", "hidden");
    this.#svg.replaceChildren(
      this.#hatch.defs,
      countAxis(this.#frame, scale.ticks, scale.height),
      ...outlines(kind, this.#frame, scale, this.#hatch),
      this.#opened,
      this.#now,
      ...(facts.selected ? thinOutlines(facts.selected, this.#frame, scale, most) : []),
      groundAxis(this.#frame, facts.edges, facts.unit),
      ...meanMarks(kind, this.#frame, facts.edges),
      this.#hits,
      this.#ring,
    );
    this.#ring.setAttribute("visibility", "hidden");
    if (focused) this.focus();
  }

  /** Nothing is shown here, and nothing can be found. */
  hide(): void {
    this.host.hidden = true;
    this.#facts = null;
    this.#reaches = [];
    this.#hits.replaceChildren();
  }

  /** The bin whose pairs are shown. */
  mark(bin: PairBin | null): void {
    const own = bin && bin.kind === this.#facts?.kind.kind ? bin : null;
    const side: Side = own?.teacher === null ? "student" : "teacher";
    // A bin of both sides is the joint histogram's.
    const one = own && (own.teacher === null || own.student === null) ? own[side] : null;
    this.#show(this.#opened, one === null ? null : { bin: one, side });
    for (const hit of this.#hits.querySelectorAll<SVGElement>("[data-bin]")) {
      const pressed = Number(hit.dataset.bin) === one && hit.dataset.side === side;
      hit.setAttribute("aria-pressed", String(pressed));
    }
  }

  focus(): void {
    this.#hitOf(this.#at)?.focus({ preventScroll: true });
  }

  #head({ kind, title, caption, names }: PanelFacts, width: number, height: number): void {
    this.#caption.replaceChildren(element("span", { class: "es-dist-kind" }, title), caption);
    this.#caption.title = caption;
    this.#caption.hidden = caption === "";
    this.#svg.dataset.kind = kind.kind;
    this.#svg.setAttribute("width", String(width));
    this.#svg.setAttribute("height", String(height));
    const said = `${title}: distances in ${names.teacher} and ${names.student}. Arrow keys move along the bins, up and down change the side, Enter opens.`;
    this.#svg.setAttribute("aria-label", said);
  }

  /** One bin can be tabbed to: the last one, or the teacher's fullest. */
  #settle(kind: PairKind): void {
    const { bin, side } = this.#at ?? { bin: -1, side: "teacher" as const };
    if ((kind[side][bin] ?? 0) > 0) return;
    const first = fullest(kind.teacher);
    this.#at = first < 0 ? null : { bin: first, side: "teacher" };
  }

  #hit(reach: Reach): SVGRectElement {
    const { kind, edges, names } = this.#facts as PanelFacts;
    const { left, top } = this.#frame;
    const { bin, side } = reach;
    return svg("rect", {
      class: "es-dist-hit",
      x: left + reach.x,
      y: top + reach.top,
      width: reach.width,
      height: reach.height,
      role: "button",
      tabindex: this.#at?.bin === bin && this.#at.side === side ? 0 : -1,
      "aria-label": barLabel(kind, edges, side, bin, names[side]),
      "aria-pressed": "false",
      "data-bin": bin,
      "data-side": side,
    });
  }

  #hitOf(place: Place | null): SVGElement | null {
    if (!place) return null;
    return this.#hits.querySelector(`[data-bin="${place.bin}"][data-side="${place.side}"]`);
  }

  #show(bar: SVGRectElement, place: Place | null): void {
    const reach = this.#reaches.find(({ bin, side }) => bin === place?.bin && side === place.side);
    bar.setAttribute("visibility", reach ? "visible" : "hidden");
    if (!reach) return;
    const { left, top, room } = this.#frame;
    const box = { x: left + reach.x, y: top + room - reach.bar, width: reach.width, height: reach.bar };
    for (const [name, value] of Object.entries(box)) bar.setAttribute(name, String(value));
    bar.classList.toggle("es-side-teacher", reach.side === "teacher");
    bar.classList.toggle("es-side-student", reach.side === "student");
  }

  /** A ring around the whole column: around a low bar alone it could not be seen. */
  #encircle(bin: number): void {
    const { left, top, plot, room } = this.#frame;
    const width = plot / Math.max(1, this.#facts?.kind.teacher.length ?? 1);
    const box = { x: left + bin * width - 1, y: top - 3, width: width + 2, height: room + 4, rx: 2 };
    for (const [name, value] of Object.entries(box)) this.#ring.setAttribute(name, String(value));
    this.#ring.setAttribute("visibility", bin < 0 ? "hidden" : "visible");
  }

  #point(event: PointerEvent): void {
    if (!this.#facts) return;
    const place = placeOf(event.target);
    const { left, plot } = this.#frame;
    const x = event.clientX - this.#svg.getBoundingClientRect().left - left;
    const bin = place?.bin ?? binAt(x, plot, this.#facts.kind.teacher.length);
    this.#show(this.#now, place);
    this.on.point(this.#facts.kind, bin < 0 ? null : { bin, side: place?.side ?? null });
  }

  #leave(): void {
    this.#show(this.#now, null);
    if (this.#facts) this.on.point(this.#facts.kind, null);
  }

  #blurred(): void {
    this.#encircle(-1);
    this.#leave();
  }

  #focused(target: EventTarget | null): void {
    const place = placeOf(target);
    if (!place || !this.#facts) return;
    this.#hitOf(this.#at)?.setAttribute("tabindex", "-1");
    this.#at = place;
    this.#hitOf(place)?.setAttribute("tabindex", "0");
    this.#show(this.#now, place);
    this.#encircle(target instanceof Element && target.matches(":focus-visible") ? place.bin : -1);
    this.on.point(this.#facts.kind, place);
  }

  #open(place: Place | null): void {
    if (place && this.#facts) this.on.open(this.#facts.kind, place);
  }

  #press(event: KeyboardEvent): void {
    const place = placeOf(event.target);
    if (!place || !this.#facts || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = moved(this.#facts.kind, place, event.key);
    if (next) this.#hitOf(next)?.focus({ preventScroll: true });
    else if (event.key === "Enter" || event.key === " ") this.#open(place);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

function placeOf(target: EventTarget | null): Place | null {
  const hit = target instanceof SVGElement ? target.closest<SVGElement>("[data-bin]") : null;
  const side = hit?.dataset.side;
  return hit && (side === "teacher" || side === "student") ? { bin: Number(hit.dataset.bin), side } : null;
}
