import type { Pane } from "../pane";

/** Pick data and an encoder, and run. */
export const workbenchPane: Pane = () => {};
