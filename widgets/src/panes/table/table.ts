import type { Pane } from "../pane";

/** The selection as a table. */
export const tablePane: Pane = () => {};
