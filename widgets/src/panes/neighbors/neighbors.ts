import type { Pane } from "../pane";

/** The neighbours of whatever is at hand. */
export const neighborsPane: Pane = () => {};
