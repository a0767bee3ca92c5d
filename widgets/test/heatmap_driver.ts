import { expect } from "vitest";
import { view } from "./driver";
import { soon } from "./explorer";

export function grid(): HTMLElement {
  return view.el.querySelector(".es-heat-grid") as HTMLElement;
}

/** Wait until the picture is painted. */
export function painted(): Promise<void> {
  return soon(() => {
    expect(grid().checkVisibility()).toBe(true);
    expect(grid().dataset.order).toBeTruthy();
    expect(view.el.querySelector(".es-heat-body.es-waiting")).toBeNull();
  });
}

/** The groups' places as they show. */
export function order(): number[] {
  return (grid().dataset.order ?? "").split(" ").map(Number);
}

/** The middle of a cell (down, across), in the picture. */
function middle(down: number, across: number): [number, number] {
  const { left, top, cellWidth, cellHeight } = grid().dataset;
  return [Number(left) + (across + 0.5) * Number(cellWidth), Number(top) + (down + 0.5) * Number(cellHeight)];
}

/** The middle of the cell of two groups, in the window. */
export function placeOfCell(row: number, column: number): { clientX: number; clientY: number } {
  const box = grid().getBoundingClientRect();
  const [x, y] = middle(order().indexOf(row), order().indexOf(column));
  return { clientX: box.left + x, clientY: box.top + y };
}

export function hoverCell(row: number, column: number): void {
  grid().dispatchEvent(new PointerEvent("pointermove", { ...placeOfCell(row, column), bubbles: true }));
}

export function clickCell(row: number, column: number): void {
  hoverCell(row, column);
  grid().dispatchEvent(new MouseEvent("click", { ...placeOfCell(row, column), bubbles: true }));
}

/** The colour of the cell of two groups, as bytes, near its corner where nothing is written. */
export function colourOf(row: number, column: number): number[] {
  const canvas = view.el.querySelector(".es-heat-canvas") as HTMLCanvasElement;
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const ratio = canvas.width / grid().clientWidth;
  const [x, y] = middle(order().indexOf(row), order().indexOf(column));
  const { cellWidth, cellHeight } = grid().dataset;
  const corner = [x - 0.3 * Number(cellWidth), y - 0.3 * Number(cellHeight)] as const;
  const pixel = context.getImageData(Math.round(corner[0] * ratio), Math.round(corner[1] * ratio), 1, 1);
  return [...pixel.data.slice(0, 3)];
}

export function press(target: Element, key: string, init: KeyboardEventInit = {}): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }));
}

/** Choose in one of the pane's menus. */
export function choose(label: string, value: string): void {
  const menu = menuOf(label);
  menu.value = value;
  menu.dispatchEvent(new Event("change"));
}

export function menuOf(label: string): HTMLSelectElement {
  return view.el.querySelector(`.es-heat-menus [aria-label="${label}"]`) as HTMLSelectElement;
}

export function words(part: string): string {
  return view.el.querySelector(part)?.textContent ?? "";
}

export function anchors(): HTMLElement[] {
  return [...view.el.querySelectorAll<HTMLElement>(".es-heat-anchor")];
}

export function walkOf(line: Element | undefined): HTMLButtonElement {
  return line?.querySelector(".es-heat-walk") as HTMLButtonElement;
}

export function toggleOf(line: Element | undefined): HTMLButtonElement {
  return line?.querySelector(".es-heat-toggle") as HTMLButtonElement;
}

export function button(): HTMLButtonElement {
  return view.el.querySelector(".es-heat-state button") as HTMLButtonElement;
}
