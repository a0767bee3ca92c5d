import { boundsOf, type Rect } from "./geometry";

/** How many points a cell holds on average. */
const PER_CELL = 4;
const MOST_CELLS = 2048;

/** A corner and the corner across from it. */
export interface Span {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

/** The points by the cells of a grid: what lies near a place, in a box or in a lasso, without looking at all of them. */
export class PointGrid {
  readonly #coords: Float32Array;
  readonly #bounds: Rect;
  readonly #side: number;
  readonly #starts: Uint32Array;
  readonly #rows: Uint32Array;

  constructor(coords: Float32Array) {
    this.#coords = coords;
    const n = coords.length / 2;
    this.#bounds = boundsOf(coords) ?? { x: 0, y: 0, width: 0, height: 0 };
    this.#side = Math.min(MOST_CELLS, Math.max(1, Math.ceil(Math.sqrt(n / PER_CELL))));
    const cells = new Uint32Array(n);
    const none = this.#side ** 2;
    // One more cell holds the points that lie nowhere; no search looks into it.
    const starts = new Uint32Array(none + 2);
    for (let row = 0; row < n; row++) {
      const x = coords[2 * row] as number;
      const y = coords[2 * row + 1] as number;
      const cell = Number.isFinite(x + y) ? this.#column(x) + this.#side * this.#line(y) : none;
      cells[row] = cell;
      (starts[cell + 1] as number)++;
    }
    for (let cell = 0; cell <= none; cell++) (starts[cell + 1] as number) += starts[cell] as number;
    const rows = new Uint32Array(n);
    const next = starts.slice();
    for (let row = 0; row < n; row++) rows[(next[cells[row] as number] as number)++] = row;
    this.#starts = starts;
    this.#rows = rows;
  }

  /** The nearest row within a distance for which `counts` holds, or -1. */
  nearest(x: number, y: number, distance: number, counts: (row: number) => boolean): number {
    let best = -1;
    let least = distance ** 2;
    this.within({ x0: x - distance, y0: y - distance, x1: x + distance, y1: y + distance }, (row, px, py) => {
      const squared = (px - x) ** 2 + (py - y) ** 2;
      if (squared < least && counts(row)) {
        least = squared;
        best = row;
      }
    });
    return best;
  }

  /** Visit every row in a box. */
  within({ x0, y0, x1, y1 }: Span, visit: (row: number, x: number, y: number) => void): void {
    const coords = this.#coords;
    const [left, right] = [this.#column(x0), this.#column(x1)];
    for (let line = this.#line(y0); line <= this.#line(y1); line++) {
      const from = this.#starts[line * this.#side + left] as number;
      const to = this.#starts[line * this.#side + right + 1] as number;
      for (let i = from; i < to; i++) {
        const row = this.#rows[i] as number;
        const x = coords[2 * row] as number;
        const y = coords[2 * row + 1] as number;
        if (x >= x0 && x <= x1 && y >= y0 && y <= y1) visit(row, x, y);
      }
    }
  }

  /**
   * Sorted rows inside a closed polygon: x, y, x, y and so on. Only the cells that its sides may touch are looked at point
   * by point; of the others each lies inside with all its points, or outside.
   */
  inside(polygon: readonly number[]): Uint32Array {
    const box = boundsOf(Float32Array.from(polygon));
    if (!box) return new Uint32Array(0);
    const side = this.#side;
    const touched = this.#touched(polygon);
    const found: number[] = [];
    const right = this.#column(box.x + box.width);
    const top = this.#line(box.y + box.height);
    for (let line = this.#line(box.y); line <= top; line++) {
      for (let column = this.#column(box.x); column <= right; column++) {
        const cell = column + side * line;
        if (touched[cell]) this.#takeInside(cell, polygon, found);
        else if (isInside(polygon, ...this.#middle(column, line))) this.#takeAll(cell, found);
      }
    }
    return Uint32Array.from(found).sort();
  }

  /** The cells around the polygon's sides: those in the box around each side, and one more for rounding. */
  #touched(polygon: readonly number[]): Uint8Array {
    const side = this.#side;
    const touched = new Uint8Array(side ** 2);
    const clamp = (cell: number): number => Math.max(0, Math.min(side - 1, cell));
    let [xj, yj] = polygon.slice(-2) as [number, number];
    for (let i = 0; i < polygon.length; i += 2) {
      const [xi, yi] = [polygon[i] as number, polygon[i + 1] as number];
      const from = clamp(this.#column(Math.min(xi, xj)) - 1);
      const to = clamp(this.#column(Math.max(xi, xj)) + 1);
      const last = clamp(this.#line(Math.max(yi, yj)) + 1);
      for (let line = clamp(this.#line(Math.min(yi, yj)) - 1); line <= last; line++) {
        touched.fill(1, line * side + from, line * side + to + 1);
      }
      [xj, yj] = [xi, yi];
    }
    return touched;
  }

  #takeInside(cell: number, polygon: readonly number[], found: number[]): void {
    const coords = this.#coords;
    for (let i = this.#starts[cell] as number; i < (this.#starts[cell + 1] as number); i++) {
      const row = this.#rows[i] as number;
      if (isInside(polygon, coords[2 * row] as number, coords[2 * row + 1] as number)) found.push(row);
    }
  }

  #takeAll(cell: number, found: number[]): void {
    for (let i = this.#starts[cell] as number; i < (this.#starts[cell + 1] as number); i++) {
      found.push(this.#rows[i] as number);
    }
  }

  #middle(column: number, line: number): [number, number] {
    const { x, y, width, height } = this.#bounds;
    return [x + ((column + 0.5) / this.#side) * width, y + ((line + 0.5) / this.#side) * height];
  }

  #column(x: number): number {
    return this.#cell((x - this.#bounds.x) / this.#bounds.width);
  }

  #line(y: number): number {
    return this.#cell((y - this.#bounds.y) / this.#bounds.height);
  }

  #cell(share: number): number {
    // Where all points lie on one line, the share is no number.
    return Math.max(0, Math.min(this.#side - 1, Math.floor(share * this.#side) || 0));
  }
}

/** Whether a ray from the place crosses the polygon's sides an odd number of times. */
function isInside(polygon: readonly number[], x: number, y: number): boolean {
  let odd = false;
  let [xj, yj] = polygon.slice(-2) as [number, number];
  for (let i = 0; i < polygon.length; i += 2) {
    const xi = polygon[i] as number;
    const yi = polygon[i + 1] as number;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
    xj = xi;
    yj = yi;
  }
  return odd;
}
