import type { Pane, PaneContext } from "../pane";

/** To be filled. */
export const mapsPane: Pane = ({ el }: PaneContext): void => {
  el.setAttribute("aria-label", "Maps");
};
