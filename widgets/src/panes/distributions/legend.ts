import { element } from "../../dom";
import { measure } from "../../format";
import type { PairKind, Side } from "../../source/source";
import { SIDES } from "./shapes";
import { svg } from "./svg";

/** Which line is whose; with one kind also the means. */
export function sideLegend(
  names: Record<Side, string>,
  kind: PairKind | null,
  selected: string,
): HTMLElement[] {
  const made = SIDES.map((side, i) => {
    const mean = kind?.means[i];
    const said = mean === undefined || !Number.isFinite(mean) ? [] : [quiet(`mean ${measure(mean)}`)];
    return entry(sample(side), element("bdi", {}, names[side]), ...said);
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

/** A piece of a side's line, with its mark of the mean. */
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

function quiet(words: string): HTMLElement {
  return element("span", { class: "es-dist-quiet" }, words);
}
