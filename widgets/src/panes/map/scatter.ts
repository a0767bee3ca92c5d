import createScatterplot from "regl-scatterplot";
import type { Renderer } from "../../gl/renderers";

export type Scatterplot = ReturnType<typeof createScatterplot>;

/** What the person does on the points, and when they were drawn. */
export interface Hands {
  /** Rows selected with a click or a lasso; no rows: deselected. */
  select(rows: number[]): void;
  hover(row: number): void;
  /** The camera was moved by hand. */
  moved(): void;
  drawn(): void;
}

export interface ScatterOptions {
  renderer: Renderer;
  lasso: boolean;
  matrix: Float32Array | undefined;
}

const APPLE = /Mac|iP(hone|ad)/;

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
    deselectOnEscape: false,
    lassoMinDelay: 8,
    lassoMinDist: 2,
    lassoLineWidth: 1.5,
    lassoInitiatorParentElement: host,
    lassoLongPressIndicatorParentElement: host,
    mouseMode: options.lasso ? ("lasso" as const) : ("panZoom" as const),
    actionKeyMap: { lasso: "shift", merge: APPLE.test(navigator.platform) ? "cmd" : "ctrl", remove: "alt" },
    ...(options.matrix ? { cameraView: options.matrix } : {}),
  };
  // Before the plot's own listeners, so that its click can be stopped here.
  const guard = guardClicks(canvas);
  const plot = createScatterplot(properties);
  plot.subscribe("lassoEnd", guard);
  plot.subscribe("select", ({ points }) => hands.select(points));
  plot.subscribe("deselect", () => hands.select([]));
  plot.subscribe("pointOver", (row) => hands.hover(row));
  plot.subscribe("pointOut", () => hands.hover(-1));
  plot.subscribe("drawing", () => hands.drawn());
  canvas.addEventListener("wheel", () => hands.moved());
  canvas.addEventListener("pointermove", ({ buttons, shiftKey }) => {
    if (buttons === 1 && !shiftKey && plot.get("mouseMode") !== "lasso") hands.moved();
  });
  return [plot, canvas];
}

/** A lasso that closes where it began ends in a click, which would select the one point there instead: stop that click. */
function guardClicks(canvas: HTMLCanvasElement): () => void {
  let drawn = false;
  canvas.addEventListener("mousedown", () => {
    drawn = false;
  });
  canvas.addEventListener("click", (event) => drawn && event.stopImmediatePropagation(), true);
  return () => {
    drawn = true;
  };
}
