import { element, iconButton } from "../../dom";
import type { Plot } from "./plot";

const ZOOM_STEP = 1.5;
const PAN_STEP = 0.25;

export interface Tools {
  host: HTMLElement;
  toggleLasso(on?: boolean): void;
  /** Whether the plain pointer draws a lasso. */
  lassoOn(): boolean;
}

export function openTools(plot: Plot): Tools {
  let lasso = false;
  const toggleLasso = (on = !lasso): void => {
    lasso = on;
    button.setAttribute("aria-pressed", String(on));
    plot.host.classList.toggle("es-lassoing", on);
    plot.useLasso(on);
  };
  const button = iconButton("lasso", "Lasso: draw around points (L, or shift-drag)", () => toggleLasso());
  button.setAttribute("aria-pressed", "false");
  const host = element(
    "div",
    { class: "es-tools", role: "toolbar", "aria-label": "Map tools", "aria-orientation": "vertical" },
    button,
    element("span", { class: "es-rule" }),
    iconButton("plus", "Zoom in (+)", () => plot.move([0, 0], ZOOM_STEP)),
    iconButton("minus", "Zoom out (−)", () => plot.move([0, 0], 1 / ZOOM_STEP)),
    iconButton("frame", "Show everything (0)", () => plot.reset()),
  );
  return { host, toggleLasso, lassoOn: () => lasso };
}

/** The keys of the map; a key that does something here goes no further. */
export function listenToKeys(
  stage: HTMLElement,
  plot: Plot,
  tools: Tools,
  letGo: () => void,
  signal: AbortSignal,
): void {
  const actions: Record<string, () => void> = {
    "+": () => plot.move([0, 0], ZOOM_STEP),
    "=": () => plot.move([0, 0], ZOOM_STEP),
    "-": () => plot.move([0, 0], 1 / ZOOM_STEP),
    "0": () => plot.reset(),
    l: () => tools.toggleLasso(),
    ArrowLeft: () => plot.move([-PAN_STEP, 0], 1),
    ArrowRight: () => plot.move([PAN_STEP, 0], 1),
    ArrowUp: () => plot.move([0, PAN_STEP], 1),
    ArrowDown: () => plot.move([0, -PAN_STEP], 1),
    Escape: letGo,
  };
  const act = (event: KeyboardEvent): void => {
    const action = actions[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  stage.addEventListener("keydown", act, { signal });
}
