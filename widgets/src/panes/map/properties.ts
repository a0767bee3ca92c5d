import type { Rgba } from "../../colors";
import type { Paint } from "./paint";

const FEW = 250;
let paints = 0;

/** A paint as the scatter plot's own properties say it. */
export function inks(paint: Paint) {
  const byLevel = paint.colors.length > 1 ? ("valueA" as const) : null;
  // The plot takes a list of colours too; its types only know the lists that it takes for `pointColor`.
  const active = paint.colors as unknown as Rgba;
  return {
    pointColor: paint.colors,
    pointColorActive: active,
    pointColorHover: active,
    colorBy: byLevel,
    opacityBy: byLevel,
    opacity: [...paint.opacities, freshOpacity()],
  };
}

/** How so many selected points stand out: outlines tell few points apart, and would hide the density of many. */
export function outlines(count: number) {
  const few = count <= FEW;
  return {
    opacityInactiveMax: 1,
    opacityInactiveScale: 0.25,
    pointSizeSelected: count <= 25 ? 4 : few ? 1.5 : 0.5,
    pointOutlineWidth: few ? 1.5 : 0.01,
  };
}

/**
 * One more opacity, which no point uses: the plot takes a list with the same set of values for the same list and would keep
 * its old texture, although other levels have faded.
 */
function freshOpacity(): number {
  paints = (paints + 1) % 1000;
  return 1e-6 * (paints + 1);
}
