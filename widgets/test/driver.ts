import { expect, vi } from "vitest";
import { project } from "../src/panes/map/geometry";
import { openStatic, type StaticOptions, type StaticView } from "./static_view";

/** The view at hand, opened by `open` and closed by `close`. */
export let view: StaticView;

/** Close what is open and clear the page. */
export function close(): void {
  view.close();
  document.body.replaceChildren();
}

/** Open a view without waiting for points: those that show words instead. */
export function openAtOnce(options: StaticOptions = {}): StaticView {
  view = openStatic(options);
  return view;
}

export async function open(options: StaticOptions = {}): Promise<StaticView> {
  openAtOnce(options);
  await vi.waitFor(() => expect(inked()).toBeGreaterThan(50), { timeout: 8000 });
  return view;
}

export function canvas(): HTMLCanvasElement {
  return view.el.querySelector(".es-canvas") as HTMLCanvasElement;
}

export function pixels(): Uint8ClampedArray {
  const { width, height } = canvas();
  const context = canvas().getContext("2d") as CanvasRenderingContext2D;
  return context.getImageData(0, 0, width, height).data;
}

/** How many pixels are drawn on: all of them, or those of about one colour. */
export function inked(near?: [number, number, number]): number {
  if (!canvas()) return 0;
  const data = pixels();
  let count = 0;
  for (let i = 0; i < data.length; i += 4) {
    const drawn = (data[i + 3] as number) > 60;
    const close = !near || near.every((channel, c) => Math.abs((data[i + c] as number) - channel) < 60);
    count += Number(drawn && close);
  }
  return count;
}

/** Where a row lies in the window, told by the names' own projection of what is shown. */
export function placeOf(row: number): [number, number] {
  const box = canvas().getBoundingClientRect();
  const coords = view.store.get("coords");
  // Everything is framed: the camera is the one that fits the data's box, and the box touches two opposite sides.
  const matrix = homeMatrix(box.width / box.height);
  const shown = { matrix, width: box.width, height: box.height };
  const [x, y] = project(shown, coords[2 * row] as number, coords[2 * row + 1] as number);
  return [box.left + x, box.top + y];
}

let home: { coords: Float32Array; aspect: number; matrix: number[] } | undefined;

/** Kept, since tests ask for the places of all rows. */
function homeMatrix(aspect: number): number[] {
  const coords = view.store.get("coords");
  if (home?.coords !== coords || home.aspect !== aspect)
    home = { coords, aspect, matrix: framed(coords, aspect) };
  return home.matrix;
}

function framed(coords: Float32Array, aspect: number): number[] {
  const xs = coords.filter((_, i) => i % 2 === 0);
  const ys = coords.filter((_, i) => i % 2 === 1);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const s = 1 / (Math.max((y1 - y0) / 2, (x1 - x0) / 2 / aspect) * 1.1);
  return [s, 0, 0, 0, 0, s, 0, 0, 0, 0, s, 0, (-s * (x0 + x1)) / 2, (-s * (y0 + y1)) / 2, 0, 1];
}

export async function mouse(
  type: string,
  [x, y]: [number, number],
  init: MouseEventInit = {},
): Promise<void> {
  const event = { clientX: x, clientY: y, bubbles: true, cancelable: true, ...init };
  canvas().dispatchEvent(new MouseEvent(type, event));
  await new Promise((resolve) => setTimeout(resolve, 15));
}

export async function lasso(corners: [number, number][], init: MouseEventInit = {}): Promise<void> {
  const [start, ...rest] = corners as [[number, number], ...[number, number][]];
  const held = { buttons: 1, ...init };
  await mouse("mouseenter", start);
  await mouse("mousedown", start, held);
  await mouse("mousemove", start, held);
  let [fromX, fromY] = start;
  for (const [x, y] of [...rest, start]) {
    for (let step = 1; step <= 6; step++) {
      await mouse("mousemove", [fromX + ((x - fromX) * step) / 6, fromY + ((y - fromY) * step) / 6], held);
    }
    [fromX, fromY] = [x, y];
  }
  await mouse("mouseup", start, init);
  await mouse("click", start, init);
}

/** Press at one place, move to another, and let go there. */
export async function drag(
  from: [number, number],
  to: [number, number],
  init: MouseEventInit = {},
): Promise<void> {
  const held = { buttons: 1, ...init };
  await mouse("mouseenter", from);
  await mouse("mousedown", from, held);
  for (let step = 0; step <= 6; step++) {
    const share = step / 6;
    await mouse(
      "mousemove",
      [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share],
      held,
    );
  }
  await mouse("mouseup", to, init);
  await mouse("click", to, init);
}

export async function clickOn(row: number, init: MouseEventInit = {}): Promise<void> {
  const place = placeOf(row);
  await mouse("mouseenter", place);
  await mouse("mousemove", place);
  await mouse("mousedown", place, { buttons: 1, ...init });
  await mouse("mouseup", place, init);
  await mouse("click", place, init);
}

/** Rows that have no other within some pixels, while everything is framed. */
export function lonely(pixels = 24): number[] {
  const places = Array.from({ length: view.data.codes.length }, (_, row) => placeOf(row));
  return places.flatMap(([x, y], row) =>
    places.some(([px, py], other) => other !== row && Math.hypot(px - x, py - y) < pixels) ? [] : [row],
  );
}

export function key(name: string, init: KeyboardEventInit = {}): void {
  const stage = view.el.querySelector(".es-stage") as HTMLElement;
  stage.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...init }));
}

/** The tool whose name begins with some words. */
export function tool(name: string): HTMLButtonElement {
  return view.el.querySelector(`.es-tools [aria-label^="${name}"]`) as HTMLButtonElement;
}

export function legend(): HTMLButtonElement[] {
  return [...view.el.querySelectorAll<HTMLButtonElement>(".es-category")];
}

export function shownNames(): string[] {
  return [...view.el.querySelectorAll(".es-name.es-shown")].map((node) =>
    (node.textContent ?? "").replace("\n", " "),
  );
}

interface Registry {
  [key: symbol]: { renderer: { canvas: HTMLCanvasElement } } | undefined;
}

const KEY = Symbol.for("embedscope.renderers/regl-scatterplot-1.16/1");

export function contextCount(): number {
  return (globalThis as unknown as Registry)[KEY] ? 1 : 0;
}

export function loseContexts(): void {
  const shared = (globalThis as unknown as Registry)[KEY];
  shared?.renderer.canvas.getContext("webgl")?.getExtension("WEBGL_lose_context")?.loseContext();
}

export function differing(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  if (a.length !== b.length) return 1;
  let count = 0;
  for (let i = 0; i < a.length; i += 4) {
    const far = [0, 1, 2, 3].some((c) => Math.abs((a[i + c] as number) - (b[i + c] as number)) > 24);
    count += Number(far);
  }
  return count / (a.length / 4);
}
