import { element, type IconName, iconButton } from "../../dom";
import type { History } from "../../history";
import type { ScopeStore, SelectMode } from "../../state";
import type { Plot } from "./plot";
import type { Tool } from "./scatter";

export const ZOOM_STEP = 1.5;

export interface Tools {
  host: HTMLElement;
  /** How a lasso or a box changes the selection; in sight only while one of them is in the hand. */
  modes: HTMLElement;
  /** Take a tool into the hand, or put it away where it is there. */
  toggle(tool: Exclude<Tool, "none">): void;
  putAway(): void;
  inHand(): Tool;
}

export interface ToolsContext {
  plot: Plot;
  store: ScopeStore;
  history: History;
  signal: AbortSignal;
}

export function openTools(context: ToolsContext, extra: HTMLElement[]): Tools {
  const { plot } = context;
  let inHand: Tool = "none";
  const use = (tool: Tool): void => {
    inHand = tool;
    for (const [name, button] of Object.entries(drawing)) {
      button.setAttribute("aria-pressed", String(name === tool));
    }
    modes.hidden = tool === "none";
    plot.host.classList.toggle("es-lassoing", tool !== "none");
    plot.use(tool);
  };
  const toggle = (tool: Tool): void => use(tool === inHand ? "none" : tool);
  const drawing = {
    lasso: iconButton("lasso", "Lasso: draw around points (L, or shift-drag)", () => toggle("lasso")),
    box: iconButton("box", "Box: draw a rectangle around points (B)", () => toggle("box")),
  };
  for (const button of Object.values(drawing)) button.setAttribute("aria-pressed", "false");
  const modes = openModes(context.store, context.signal);
  const host = element(
    "div",
    { class: "es-tools", role: "toolbar", "aria-label": "Map tools", "aria-orientation": "vertical" },
    ...Object.values(drawing),
    ...openSteps(context),
    element("span", { class: "es-rule" }),
    iconButton("plus", "Zoom in (+)", () => plot.move([0, 0], ZOOM_STEP)),
    iconButton("minus", "Zoom out (−)", () => plot.move([0, 0], 1 / ZOOM_STEP)),
    iconButton("frame", "Show everything (0)", () => plot.reset()),
    ...extra,
  );
  return { host, modes, toggle, putAway: () => use("none"), inHand: () => inHand };
}

/** A button that is pressed or not. */
export function toggleButton(
  name: IconName,
  label: string,
  toggle: () => void,
  on: boolean,
): HTMLButtonElement {
  const button = iconButton(name, label, toggle);
  button.setAttribute("aria-pressed", String(on));
  return button;
}

function openSteps({ history, signal }: ToolsContext): HTMLElement[] {
  const undo = iconButton("undo", "Undo the last change of the selection (Ctrl or Cmd+Z)", () =>
    history.undo(),
  );
  const redo = iconButton("redo", "Redo it (Shift+Ctrl or Cmd+Z)", () => history.redo());
  const fill = (): void => {
    undo.disabled = !history.canUndo;
    redo.disabled = !history.canRedo;
  };
  history.onChange(fill, signal);
  fill();
  return [undo, redo];
}

const MODES: { mode: SelectMode; words: string; hint: string }[] = [
  { mode: "replace", words: "Replace", hint: "What is drawn around becomes the selection" },
  { mode: "add", words: "Add", hint: "What is drawn around is added (ctrl or cmd does so at any time)" },
  {
    mode: "subtract",
    words: "Subtract",
    hint: "What is drawn around is taken out (alt does so at any time)",
  },
];

function openModes(store: ScopeStore, signal: AbortSignal): HTMLElement {
  const buttons = MODES.map(({ mode, words, hint }) => {
    const button = element("button", { type: "button", class: "es-mode", title: hint }, words);
    button.addEventListener("click", () => store.set("selectMode", mode), { signal });
    return button;
  });
  const fill = (): void => {
    for (const [i, { mode }] of MODES.entries()) {
      buttons[i]?.setAttribute("aria-pressed", String(store.get("selectMode") === mode));
    }
  };
  store.on("selectMode", fill, signal);
  fill();
  const attributes = { class: "es-modes", role: "group", "aria-label": "What is drawn around", hidden: "" };
  return element("div", attributes, ...buttons);
}
