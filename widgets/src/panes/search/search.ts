import type { Pane } from "../pane";

/** The search box. */
export const searchPane: Pane = () => {};
