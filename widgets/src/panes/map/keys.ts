import type { History } from "../../history";
import type { ScopeStore } from "../../state";
import { ask, walkTo } from "../../walk";
import { walks } from "./choosing";
import type { Plot } from "./plot";
import { type Tools, ZOOM_STEP } from "./tools";

const PAN_STEP = 0.25;

export interface KeysContext {
  stage: HTMLElement;
  store: ScopeStore;
  plot: Plot;
  tools: Tools;
  history: History;
  togglePictures(): void;
  /** Let go of one thing. */
  letGo(): void;
}

/** What the keys do, for the label of the map. */
export function keysInWords(store: ScopeStore): string {
  const pictures = store.get("universe").modality === "image" ? " I shows or hides pictures." : "";
  const walk = walks(store)
    ? " Left and right walk along the neighbours of a query, enter asks for the one at hand, backspace walks back."
    : "";
  return (
    "Arrows pan, plus and minus zoom, 0 shows everything, L draws a lasso, B a box." +
    `${walk}${pictures} Ctrl or cmd with Z undoes a selection, with shift it redoes it; escape lets go.`
  );
}

/** The keys of the map; a key that does something here goes no further. */
export function listenToKeys(context: KeysContext, signal: AbortSignal): void {
  const { stage } = context;
  const plain = plainKeys(context);
  const act = (event: KeyboardEvent): void => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey;
    const action = command ? commandOf(event, context.history) : !event.altKey && plain[event.key];
    // A button has the keys that press it.
    const own = event.target !== stage && (event.key === "Enter" || event.key === " ");
    if (!action || own || action() === false) return;
    event.preventDefault();
    event.stopPropagation();
  };
  stage.addEventListener("keydown", act, { signal });
}

/** An action may answer false: the key is not for it. */
type KeyAction = () => unknown;

function commandOf({ key, shiftKey }: KeyboardEvent, history: History): KeyAction | undefined {
  const name = key.toLowerCase();
  if (name === "y" || (name === "z" && shiftKey)) return () => history.redo();
  return name === "z" ? () => history.undo() : undefined;
}

function plainKeys({ store, plot, tools, togglePictures, letGo }: KeysContext): Record<string, KeyAction> {
  const zoomIn = (): void => plot.move([0, 0], ZOOM_STEP);
  const aside = (by: number): void => {
    if (!walk(store, by)) plot.move([by * PAN_STEP, 0], 1);
  };
  return {
    "+": zoomIn,
    "=": zoomIn,
    "-": () => plot.move([0, 0], 1 / ZOOM_STEP),
    "0": () => plot.reset(),
    l: () => tools.toggle("lasso"),
    b: () => tools.toggle("box"),
    i: togglePictures,
    ArrowLeft: () => aside(-1),
    ArrowRight: () => aside(1),
    ArrowUp: () => plot.move([0, PAN_STEP], 1),
    ArrowDown: () => plot.move([0, -PAN_STEP], 1),
    Enter: () => askHovered(store),
    Backspace: () => walkBack(store),
    Escape: letGo,
  };
}

/** Go along the neighbours that are shown, nearest first; false where there are none. */
function walk(store: ScopeStore, by: number): boolean {
  const rows = walks(store) && store.get("query") ? (store.get("found")?.rows ?? []) : [];
  if (rows.length === 0) return false;
  const now = rows.indexOf(store.get("hover"));
  const next = now < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, now + by));
  store.set("hover", rows[next] ?? -1);
  return true;
}

function askHovered(store: ScopeStore): boolean {
  const row = store.get("hover");
  if (!walks(store) || row < 0) return false;
  ask(store, { kind: "item", row });
  return true;
}

function walkBack(store: ScopeStore): boolean {
  if (!walks(store) || store.get("step") < 1) return false;
  walkTo(store, store.get("step") - 1);
  return true;
}
