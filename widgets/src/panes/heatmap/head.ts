import { element } from "../../dom";
import { cut } from "../../marked";
import type { Heatmap } from "../../source/source";
import { nats } from "./nats";

const MOST_WARNING = 320;
const MOST_SAMPLING = 160;

/** The number, its parts, how it was measured, and what should be known before it is believed. */
export class Head {
  readonly host = element("div", { class: "es-heat-head" });
  #number = element("p", { class: "es-heat-number" });
  #measured = element("p", { class: "es-hint es-heat-measured" });
  #warnings = element("ul", { class: "es-heat-warnings", "aria-label": "To be known before" });

  constructor(menus: HTMLElement) {
    const heading = element("h3", { class: "es-heading" }, "Divergence");
    const first = element("div", { class: "es-heat-first" }, heading, this.#number);
    this.host.append(first, this.#measured, this.#warnings, menus);
    this.show(null);
  }

  show(heatmap: Heatmap | null): void {
    this.#number.hidden = heatmap === null;
    this.#warnings.replaceChildren(...(heatmap?.warnings ?? []).map(warning));
    this.#warnings.hidden = !heatmap || heatmap.warnings.length === 0;
    if (!heatmap) {
      this.#measured.textContent = "Where the student’s neighbourhoods differ from the teacher’s.";
      return;
    }
    this.#number.replaceChildren(
      "KL(teacher‖student) ",
      element("strong", {}, `${nats(heatmap.mean)} nats`),
      `: ${nats(heatmap.between)} between groups, ${nats(heatmap.within)} within`,
    );
    this.#measured.textContent = measuredWords(heatmap);
  }
}

function measuredWords({ sampling, effective }: Heatmap): string {
  const [teacher, student] = effective.map((value) => nats(value));
  const near = `effective neighbours: teacher ${teacher}, student ${student}`;
  if (sampling === "") return `Median ${near}`;
  const how = cut(sampling, MOST_SAMPLING);
  return `${how.charAt(0).toUpperCase()}${how.slice(1)} · median ${near}`;
}

function warning(words: string): HTMLElement {
  const sign = element("span", { class: "es-heat-sign", "aria-hidden": "true" }, "!");
  return element("li", {}, sign, element("bdi", {}, cut(words, MOST_WARNING)));
}
