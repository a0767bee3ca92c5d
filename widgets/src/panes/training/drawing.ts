import { swatch } from "../../colors";
import { svg } from "../../dom";
import { count, measure } from "../../format";
import { niceTicks } from "../distributions/scales";
import type { Chart } from "./curves";
import { pathOf, placeAt, pointsOf, type Room, type Scale } from "./geometry";

const PIXELS_A_STEP_TICK = 84;

/** All that a chart's picture depends on. */
export interface Setting {
  room: Room;
  scale: Scale;
  /** First and last step of all charts. */
  range: readonly [number, number];
  /** Whether the steps are written below. */
  axis: boolean;
  dark: boolean;
}

/** Where a step lies, in pixels. */
export function stepAt({ room, range }: Setting, step: number): number {
  return room.left + placeAt(step, range, room.width);
}

/** Hairlines at round values with their numbers, and the steps below. */
export function axesOf(chart: Chart, setting: Setting): SVGGElement {
  const { room, scale, range, axis } = setting;
  const group = svg("g", {});
  const bottom = room.top + room.height;
  for (const tick of scale.ticks) {
    const y = bottom - placeAt(tick, scale.range, room.height);
    const [x1, x2] = [room.left, room.left + room.width].map(String) as [string, string];
    group.append(svg("line", { class: "es-train-line", x1, x2, y1: String(y), y2: String(y) }));
    group.append(words(room.left - 7, y + 3.5, "end", chart.key === "recall" ? String(tick) : measure(tick)));
  }
  if (!axis) return group;
  for (const tick of niceTicks(...range, room.width / PIXELS_A_STEP_TICK).filter(Number.isInteger)) {
    group.append(words(stepAt(setting, tick), bottom + 16, "middle", count(tick)));
  }
  return group;
}

/** The lines, each in its colour. */
export function linesOf({ steps, lines }: Chart, setting: Setting): SVGGElement {
  const { room, scale, range, dark } = setting;
  const group = svg("g", {});
  for (const { values, color, look } of lines) {
    const points = pointsOf(steps, values, room, { x: range, y: scale.range });
    const path = svg("path", { class: `es-train-curve es-${look}`, d: pathOf(points) });
    if (color) path.style.stroke = swatch(color, dark);
    group.append(path);
    const [only, ...others] = points;
    if (only && others.length === 0) group.append(dot(...only, color, dark));
  }
  return group;
}

/** Where the pointer is: a line across, and a dot on each curve. */
export function cursorOf({ steps, lines }: Chart, setting: Setting, place: number): SVGGElement {
  const { room, scale, range, dark } = setting;
  const step = steps[place];
  const group = svg("g", {});
  if (step === undefined) return group;
  group.append(across(setting, step, "es-train-cursor"));
  for (const { values, color } of lines) {
    const here = values.map((value, i) => (i === place ? value : null));
    for (const point of pointsOf(steps, here, room, { x: range, y: scale.range }))
      group.append(dot(...point, color, dark));
  }
  return group;
}

/** A line across at a step. */
export function across(setting: Setting, step: number, name: string): SVGLineElement {
  const x = String(Math.round(stepAt(setting, step)) + 0.5);
  const { top, height } = setting.room;
  return svg("line", { class: name, x1: x, x2: x, y1: String(top), y2: String(top + height) });
}

/** A word at a step, on top of its line. */
export function captionAt(setting: Setting, step: number, text: string): SVGTextElement {
  const { left, width, top } = setting.room;
  const x = stepAt(setting, step);
  const anchor = x > left + width - 40 ? "end" : "start";
  return words(x + (anchor === "end" ? -5 : 5), top + 9, anchor, text);
}

function dot(x: number, y: number, color: string | null, dark: boolean): SVGCircleElement {
  const made = svg("circle", { class: "es-train-dot", cx: String(x), cy: String(y), r: "3" });
  if (color) made.style.fill = swatch(color, dark);
  return made;
}

function words(x: number, y: number, anchor: "start" | "middle" | "end", text: string): SVGTextElement {
  const made = svg("text", { class: "es-train-tick", x: String(x), y: String(y), "text-anchor": anchor });
  made.textContent = text;
  return made;
}
