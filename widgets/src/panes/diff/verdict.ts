import { element } from "../../dom";
import { count } from "../../format";
import type { Changes } from "../../source/source";
import { CHANGES, changeMark } from "./marks";
import { countOf } from "./places";

/** One line in words that is the legend too: how many of each change, in its colour and with its shape. */
export function verdictOf(changes: Changes): (Node | string)[] {
  const { k, recall } = changes;
  const parts = CHANGES.map((change) =>
    element(
      "span",
      { class: "es-diff-became", "data-became": change },
      changeMark(change),
      `${count(countOf(changes, change))} ${change}`,
    ),
  );
  return [
    `of ${count(k)} ${k === 1 ? "neighbour" : "neighbours"} `,
    ...parts.flatMap((part, i) => (i === 0 ? [part] : [", ", part])),
    " · ",
    element("span", { class: "es-diff-recall" }, `recall ${recall.toFixed(2)}`),
  ];
}
