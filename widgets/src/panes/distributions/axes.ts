import { measure } from "../../format";
import type { Frame } from "./frame";
import { niceTicks, placeOn, shortCount } from "./scales";
import { svg } from "./svg";

const PIXELS_A_TICK = 62;
const ROOMY = 240;

/** The line that the bars stand on, and below it the distances and their unit. */
export function groundAxis(frame: Frame, edges: readonly number[], unit: string): SVGGElement {
  const { left, top, plot, room, axis } = frame;
  const ground = top + room;
  const group = svg("g", { "aria-hidden": "true" });
  group.append(svg("line", { class: "es-dist-ground", x1: left, x2: left + plot, y1: ground, y2: ground }));
  const range = rangeOf(edges);
  for (const tick of niceTicks(...range, plot / PIXELS_A_TICK)) {
    const x = left + placeOn(tick, range, plot);
    group.append(svg("line", { class: "es-dist-notch", x1: x, x2: x, y1: ground, y2: ground + 4 }));
    if (axis) group.append(label(x, ground + 18, "middle", measure(tick)));
  }
  if (!axis) return group;
  // A longer name than the square is wide runs on to the right.
  const atEnd = plot > ROOMY;
  group.append(label(atEnd ? left + plot : left, ground + 32, atEnd ? "end" : "start", unit));
  return group;
}

/** Lines across at round counts, and what they are. */
export function countAxis(
  frame: Frame,
  ticks: readonly number[],
  height: (count: number) => number,
): SVGGElement {
  const { left, top, plot, room } = frame;
  const group = svg("g", { "aria-hidden": "true" });
  for (const tick of ticks) {
    const y = top + room - height(tick);
    if (tick > 0)
      group.append(svg("line", { class: "es-dist-line", x1: left, x2: left + plot, y1: y, y2: y }));
    group.append(label(left - 7, y + 3.5, "end", shortCount(tick)));
  }
  return group;
}

/** The student's distances up the side of a square. */
export function sideAxis(frame: Frame, edges: readonly number[]): SVGGElement {
  const { left, top, room } = frame;
  const group = svg("g", { "aria-hidden": "true" });
  group.append(svg("line", { class: "es-dist-ground", x1: left, x2: left, y1: top, y2: top + room }));
  const range = rangeOf(edges);
  for (const tick of niceTicks(...range, room / PIXELS_A_TICK)) {
    const y = top + room - placeOn(tick, range, room);
    group.append(svg("line", { class: "es-dist-notch", x1: left - 4, x2: left, y1: y, y2: y }));
    group.append(label(left - 7, y + 3.5, "end", measure(tick)));
  }
  return group;
}

/** The two ends of a scale. */
export function rangeOf(edges: readonly number[]): [number, number] {
  return [edges[0] ?? 0, edges.at(-1) ?? 1];
}

function label(x: number, y: number, anchor: "start" | "middle" | "end", words: string): SVGTextElement {
  return svg("text", { class: "es-dist-tick", x, y, "text-anchor": anchor }, words);
}
