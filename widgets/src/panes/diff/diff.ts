import type { Pane, PaneContext } from "../pane";

/** To be filled. */
export const diffPane: Pane = ({ el }: PaneContext): void => {
  el.setAttribute("aria-label", "Neighbours in both");
};
