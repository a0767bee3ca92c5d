import { svg } from "../../dom";
import type { Change } from "../../source/source";

export const CHANGES: readonly Change[] = ["kept", "re-ranked", "lost", "gained"];

// Strokes on a 12-pixel grid: equals, an arrow up and down, minus, plus.
const SHAPES: Record<Change, string> = {
  kept: "M2.5 4.5h7M2.5 7.5h7",
  "re-ranked": "M6 1.5v9M3.8 3.6 6 1.4l2.2 2.2M3.8 8.4 6 10.6l2.2-2.2",
  lost: "M2 6h8",
  gained: "M2 6h8M6 2v8",
};

/** What became of an item as a shape in its colour; a name makes it speak where no word stands beside. */
export function changeMark(change: Change, name = ""): SVGSVGElement {
  const attributes = name === "" ? { "aria-hidden": "true" } : { role: "img", "aria-label": name };
  return svg(
    "svg",
    { viewBox: "0 0 12 12", class: "es-change", "data-change": change, ...attributes },
    svg("path", { d: SHAPES[change] }),
  );
}
