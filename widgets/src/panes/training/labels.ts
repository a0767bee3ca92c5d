import { swatch } from "../../colors";
import { element } from "../../dom";
import { cut } from "../../marked";
import type { Chart } from "./curves";
import { valueAt, valueWords } from "./curves";

const MOST_NAME = 80;

/** The name and the value of one line, at its end. */
interface Label {
  el: HTMLElement;
  value: HTMLElement;
}

/** Names at the ends of a chart's lines, and their values at the step that is pointed at. */
export class Labels {
  readonly host = element("div", { class: "es-train-labels", "aria-hidden": "true" });
  #labels: Label[] = [];
  #chart: Chart | undefined;

  /** Put the labels at these heights. */
  show(chart: Chart, heights: readonly number[], dark: boolean): void {
    this.#chart = chart;
    this.#labels = chart.lines.map(({ name, color, look }, i) => {
      const value = element("span", { class: "es-train-value" });
      const dot = element("span", { class: "es-swatch" });
      if (color) dot.style.background = swatch(color, dark);
      const words = element("bdi", { class: "es-train-name", title: cut(name, MOST_NAME) });
      words.textContent = cut(name, MOST_NAME);
      const el = element(
        "div",
        { class: `es-train-label es-${look}` },
        ...(color ? [dot] : []),
        words,
        value,
      );
      el.style.top = `${heights[i] ?? 0}px`;
      return { el, value };
    });
    this.host.replaceChildren(...this.#labels.map(({ el }) => el));
  }

  /** Write the values at a place among the chart's steps. */
  at(place: number): void {
    const chart = this.#chart;
    if (!chart) return;
    chart.lines.forEach(({ values }, i) => {
      const label = this.#labels[i];
      if (label) label.value.textContent = valueWords(chart.key, valueAt(values, place));
    });
  }
}
