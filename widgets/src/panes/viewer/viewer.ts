import type { Pane } from "../pane";

/** An item as it is, over everything else. */
export const openViewer: Pane = () => {};
