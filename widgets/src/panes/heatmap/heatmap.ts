import type { Pane, PaneContext } from "../pane";

/** To be filled. */
export const heatmapPane: Pane = ({ el }: PaneContext): void => {
  el.setAttribute("aria-label", "Divergence");
};
