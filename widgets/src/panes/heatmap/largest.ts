import { element } from "../../dom";
import { largest, nameOf, valueAt } from "./layers";
import { column as decimals } from "./nats";
import type { Shown } from "./shown";

const COUNT = 12;

/** The cells of largest size as a list: where to begin. */
export class Largest {
  readonly host = element("div", { class: "es-heat-panel" });
  #list = element("ol", { class: "es-heat-cells", "aria-label": "Largest cells" });

  constructor(private readonly open: (row: number, column: number) => void) {
    this.host.append(
      element("h4", { class: "es-heat-panel-title" }, "Largest cells"),
      element("p", { class: "es-hint" }, "Open one, or click the picture, for the anchors behind it."),
      this.#list,
    );
  }

  show(shown: Shown): void {
    const { heatmap, layer } = shown;
    const cells = largest(heatmap, layer, COUNT);
    const [row, column] = cells[0] ?? [0, 0];
    const most = Math.abs(valueAt(heatmap, layer, row, column));
    this.#list.replaceChildren(...cells.map((cell) => this.#line(shown, cell, most)));
  }

  #line({ heatmap, layer }: Shown, [row, column]: [number, number], most: number): HTMLElement {
    const value = valueAt(heatmap, layer, row, column);
    const fill = element("span", { class: value < 0 ? "es-heat-under" : "es-heat-over" });
    fill.style.width = `${(100 * Math.abs(value)) / most}%`;
    const names =
      row === column
        ? [element("bdi", {}, nameOf(heatmap, row)), " within itself"]
        : [element("bdi", {}, nameOf(heatmap, row)), " → ", element("bdi", {}, nameOf(heatmap, column))];
    const line = element(
      "button",
      { type: "button", class: "es-heat-line" },
      element("span", { class: "es-heat-said" }, ...names),
      element(
        "span",
        { class: "es-heat-weight" },
        element("span", { class: "es-heat-track", "aria-hidden": "true" }, fill),
        element("span", { class: "es-heat-nats" }, decimals(value)),
      ),
    );
    line.addEventListener("click", () => this.open(row, column));
    return element("li", {}, line);
  }
}
