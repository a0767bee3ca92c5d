import type { PairKind, Side } from "../../source/source";
import { rangeOf } from "./axes";
import type { Frame } from "./frame";
import { type CountScale, placeOn } from "./scales";
import { stepPath } from "./steps";
import { svg } from "./svg";

export const SIDES: readonly Side[] = ["teacher", "student"];

let patterns = 0;

/** Hatching for the student's bars: colour is not the only sign. */
export class Hatch {
  readonly defs: SVGDefsElement;
  readonly fill: string;

  constructor() {
    const id = `es-hatch-${++patterns}`;
    this.fill = `url(#${id})`;
    const line = svg("line", { class: "es-dist-hatch", x1: 0, x2: 0, y1: 0, y2: 5 });
    const turned = {
      id,
      width: 5,
      height: 5,
      patternUnits: "userSpaceOnUse",
      patternTransform: "rotate(45)",
    };
    this.defs = svg("defs", {}, svg("pattern", turned, line));
  }
}

/** The two outlines of a kind, the teacher's behind. */
export function outlines(kind: PairKind, frame: Frame, scale: CountScale, hatch: Hatch): SVGPathElement[] {
  return SIDES.map((side) => {
    const path = outline(kind[side], frame, scale, `es-dist-shape es-side-${side}`);
    if (side === "student") path.style.fill = hatch.fill;
    return path;
  });
}

/** The selected pairs' outlines, thin, stretched to the height of what they stand before. */
export function thinOutlines(
  selected: PairKind,
  frame: Frame,
  scale: CountScale,
  most: number,
): SVGPathElement[] {
  const own = Math.max(1, ...selected.teacher, ...selected.student);
  return SIDES.map((side) => {
    const stretched = selected[side].map((pairs) => (pairs * most) / own);
    return outline(stretched, frame, scale, `es-dist-thin es-side-${side}`);
  });
}

/** Small marks below the ground at both means: full for the teacher, hollow for the student. */
export function meanMarks(kind: PairKind, frame: Frame, edges: readonly number[]): SVGPathElement[] {
  const y = frame.top + frame.room + 1;
  return SIDES.flatMap((side, i) => {
    const mean = kind.means[i];
    if (mean === undefined || !Number.isFinite(mean)) return [];
    const x = frame.left + placeOn(mean, rangeOf(edges), frame.plot);
    return [svg("path", { class: `es-dist-mean es-side-${side}`, d: `M${x} ${y}l4 6.5h-8Z` })];
  });
}

function outline(counts: readonly number[], frame: Frame, scale: CountScale, name: string): SVGPathElement {
  const heights = counts.map((pairs) => scale.height(pairs));
  const d = stepPath(heights, frame.plot, frame.room);
  return svg("path", { class: name, d, transform: `translate(${frame.left} ${frame.top})` });
}
