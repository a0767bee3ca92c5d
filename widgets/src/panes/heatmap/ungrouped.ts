import { element } from "../../dom";
import type { Heatmap } from "../../source/source";
import { nats } from "./nats";

/** What stands in the picture's place where there is one group only: the number's parts, and how to have more groups. */
export class Ungrouped {
  readonly host = element("div", { class: "es-heat-alone", hidden: "" });
  #parts = element("dl", { class: "es-heat-parts" });

  constructor(open: (row: number, column: number) => void) {
    const column = element("code", {}, 'columns={"label": […]}');
    const advice = element(
      "p",
      { class: "es-heat-words" },
      "Nothing groups these items, so there is one number and no picture. Give the teacher’s items a column with 2 to 200 different values, as in ",
      column,
      ", or let embedscope cluster them; then the heatmap shows which groups differ.",
    );
    const worst = element("button", { type: "button", class: "es-link" }, "Show the anchors that lose most");
    worst.addEventListener("click", () => open(0, 0));
    this.host.append(this.#parts, advice, worst);
  }

  show({ mean, between, within, anchors }: Heatmap): void {
    const facts: [string, string][] = [
      ["Mean KL", `${nats(mean)} nats`],
      ["Between groups", nats(between)],
      ["Within groups", nats(within)],
      ["Anchors", (anchors[0] ?? 0).toLocaleString("en-US")],
    ];
    this.#parts.replaceChildren(
      ...facts.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
    );
  }
}
