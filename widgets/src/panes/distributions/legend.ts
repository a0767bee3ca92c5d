import { element } from "../../dom";
import { measure } from "../../format";
import type { PairKind, Side } from "../../source/source";
import { SIDES } from "./shapes";
import { svg } from "./svg";

/** Which line is whose, and whose mean is marked how; with one kind also where the means are. */
export function sideLegend(
  names: Record<Side, string>,
  kind: PairKind | null,
  selected: string,
): HTMLElement[] {
  const made = SIDES.map((side, i) => {
    const mean = kind?.means[i];
    const said = kind === null ? "mean" : measure(mean ?? Number.NaN);
    const about = element("span", { class: "es-dist-entry es-dist-quiet", title: "Mean distance" });
    about.append(triangle(side), said);
    return entry(sample(side), element("bdi", {}, names[side]), about);
  });
  const thin = svg("line", { class: "es-dist-thin", x1: 0, x2: 18, y1: 5, y2: 5 });
  return selected === "" ? made : [...made, entry(drawn(thin), `${selected}, own scale`)];
}

/** What the joint view's lines and colours mean. */
export function jointLegend(most: string): HTMLElement[] {
  const diagonal = svg("line", { class: "es-joint-diagonal", x1: 0, x2: 18, y1: 9, y2: 1 });
  const line = svg("path", { class: "es-joint-quantiles", d: "M0 8C8 8 8 2 18 2" });
  const ramp = element("span", { class: "es-joint-ramp", "aria-hidden": "true" });
  return [
    entry("1", ramp, `${most} pairs`),
    entry(drawn(line), "same quantiles"),
    entry(drawn(diagonal), "same distance"),
  ];
}

/** A piece of a side's line. */
export function sample(side: Side): SVGSVGElement {
  const line = svg("line", { class: `es-dist-shape es-side-${side}`, x1: 0, x2: 18, y1: 5, y2: 5 });
  return drawn(line);
}

function drawn(...parts: SVGElement[]): SVGSVGElement {
  return svg("svg", { class: "es-dist-sample", width: 18, height: 10, "aria-hidden": "true" }, ...parts);
}

function entry(...parts: (Node | string)[]): HTMLElement {
  return element("span", { class: "es-dist-entry" }, ...parts);
}

function triangle(side: Side): SVGSVGElement {
  const mark = svg("path", { class: `es-dist-mean es-side-${side}`, d: "M5 2l4 6.5h-8Z" });
  return svg("svg", { width: 10, height: 10, "aria-hidden": "true" }, mark);
}
