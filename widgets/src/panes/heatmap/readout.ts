import { element } from "../../dom";
import { cellWords, LAYERS, nameOf } from "./layers";
import type { Shown } from "./shown";

/** The line under the picture: the cell under the pointer, or else how the picture is read. */
export class Readout {
  readonly host = element("p", { class: "es-heat-readout" });

  show({ heatmap, layer }: Shown, row: number, column: number): void {
    const names = element(
      "span",
      { class: "es-heat-pair" },
      element("bdi", {}, nameOf(heatmap, row)),
      " → ",
      element("bdi", {}, nameOf(heatmap, column)),
    );
    this.host.replaceChildren(names, element("span", {}, cellWords(heatmap, layer, row, column)));
  }

  rest({ layer }: Shown): void {
    const hint = LAYERS.find(({ key }) => key === layer)?.hint ?? "";
    this.host.replaceChildren(element("span", { class: "es-heat-rest" }, hint));
  }
}
