import createScatterplot from "regl-scatterplot";
import type { Renderer } from "../../gl/renderers";

export type Scatterplot = ReturnType<typeof createScatterplot>;

/** What the plain pointer draws; "none" leaves it to pan. */
export type Tool = "none" | "lasso" | "box";

/** The modifiers that were held when something was taken. */
export interface Held {
  /** Ctrl, or cmd on a Mac. */
  add: boolean;
  /** Alt. */
  subtract: boolean;
}

/** What the person does on the points, in CSS pixels from the top left of the map, and when they were drawn. */
export interface Hands {
  point(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number, held: Held): void;
  doubleClick(x: number, y: number): void;
  /** A closed polygon on the plane: x, y, x, y and so on. */
  lasso(polygon: number[], held: Held): void;
  /** The camera was moved by hand. */
  moved(): void;
  drawn(): void;
}

export interface ScatterOptions {
  renderer: Renderer;
  tool: Tool;
  matrix: Float32Array | undefined;
}

/** A press that goes further than this many pixels is a drag. */
const STILL = 3;

/** A scatter plot on a canvas of its own in the host, with its events. */
export function openScatter(
  host: HTMLElement,
  options: ScatterOptions,
  hands: Hands,
): [Scatterplot, HTMLCanvasElement] {
  const canvas = document.createElement("canvas");
  canvas.className = "es-canvas";
  host.prepend(canvas);
  const properties = {
    renderer: options.renderer,
    canvas,
    syncEvents: true,
    deselectOnDblClick: false,
    deselectOnEscape: false,
    lassoMinDelay: 8,
    lassoMinDist: 2,
    lassoLineWidth: 1.5,
    lassoInitiatorParentElement: host,
    lassoLongPressIndicatorParentElement: host,
    ...toolProperties(options.tool),
    actionKeyMap: { lasso: "shift" },
    ...(options.matrix ? { cameraView: options.matrix } : {}),
  };
  const plot = createScatterplot(properties);
  listen(plot, canvas, hands);
  return [plot, canvas];
}

/** How the plot's properties say which tool is in the hand. */
export function toolProperties(tool: Tool): {
  mouseMode: "panZoom" | "lasso";
  lassoType: "freeform" | "rectangle";
} {
  return {
    mouseMode: tool === "none" ? "panZoom" : "lasso",
    lassoType: tool === "box" ? "rectangle" : "freeform",
  };
}

function listen(plot: Scatterplot, canvas: HTMLCanvasElement, hands: Hands): void {
  let held: Held = { add: false, subtract: false };
  let pressed: [number, number] = [0, 0];
  /** A lasso that closes where it began ends in a click, which would take the one point there instead. */
  let drew = false;
  const life = new AbortController();
  const { signal } = life;
  plot.subscribe("destroy", () => life.abort());
  plot.subscribe("drawing", () => hands.drawn());
  plot.subscribe("lassoEnd", ({ coordinates }) => {
    drew = true;
    hands.lasso((coordinates as unknown as number[][]).flat(), held);
  });
  // Before the plot's own listener, which ends the lasso.
  const release = (event: MouseEvent): void => {
    held = heldIn(event);
  };
  window.addEventListener("mouseup", release, { signal, capture: true });
  const press = (event: MouseEvent): void => {
    drew = false;
    pressed = [event.clientX, event.clientY];
    // A finger arrives and presses within one frame: the camera would take the way here for a drag.
    if (plot.get("camera").tick()) plot.redraw();
  };
  canvas.addEventListener("mousedown", press, { signal, capture: true });
  const click = (event: MouseEvent): void => {
    const far = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > STILL;
    if (!drew && !far) hands.click(...placeIn(canvas, event), heldIn(event));
  };
  canvas.addEventListener("click", click, { signal });
  canvas.addEventListener("dblclick", (event) => hands.doubleClick(...placeIn(canvas, event)), { signal });
  const point = (event: MouseEvent): void => {
    if (event.buttons === 0) hands.point(...placeIn(canvas, event));
  };
  canvas.addEventListener("mousemove", point, { signal });
  canvas.addEventListener("mouseleave", () => hands.leave(), { signal });
  canvas.addEventListener("wheel", () => hands.moved(), { signal });
  const drag = ({ buttons, shiftKey }: PointerEvent): void => {
    if (buttons === 1 && !shiftKey && plot.get("mouseMode") !== "lasso") hands.moved();
  };
  canvas.addEventListener("pointermove", drag, { signal });
}

function heldIn({ ctrlKey, metaKey, altKey }: MouseEvent): Held {
  return { add: ctrlKey || metaKey, subtract: altKey };
}

function placeIn(canvas: HTMLCanvasElement, { clientX, clientY }: MouseEvent): [number, number] {
  const { left, top } = canvas.getBoundingClientRect();
  return [clientX - left, clientY - top];
}
