import type { Pane, PaneContext } from "../pane";

/** To be filled. */
export const distributionsPane: Pane = ({ el }: PaneContext): void => {
  el.setAttribute("aria-label", "Distances");
};
