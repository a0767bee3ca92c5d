import type { History } from "../history";
import type { Source } from "../source/source";
import type { ScopeStore } from "../state";

export interface PaneContext {
  store: ScopeStore;
  source: Source;
  /** Undo and redo of selections. */
  history: History;
  /** Where the pane draws; its own to fill. */
  el: HTMLElement;
  /** The widget's root, which carries the theme's colours. */
  root: HTMLElement;
  /** Aborts when the view is gone: every listener, observer and context hangs on it. */
  signal: AbortSignal;
}

/** A pane fills its element and then lives on the store's changes. */
export type Pane = (context: PaneContext) => void;
