import { boundsOf, perPixel, type Rect, unproject, type View } from "./geometry";
import { PointGrid } from "./grid";
import type { Paint } from "./paint";

/** The points as they are searched: what is under the pointer, in a lasso, or in sight; faded points never are. */
export class Cloud {
  #grid: PointGrid | undefined;
  #box: Rect | undefined;

  constructor(
    readonly coords: Float32Array,
    /** The same points may be painted anew. */
    public paint: Paint,
  ) {}

  get count(): number {
    return this.coords.length / 2;
  }

  /** The box around all of them. */
  get box(): Rect {
    this.#box ??= boundsOf(this.coords) ?? { x: -1, y: -1, width: 2, height: 2 };
    return this.#box;
  }

  isShown(row: number): boolean {
    const { faded, levels } = this.paint;
    return faded.size === 0 || !faded.has(levels[row] ?? -1);
  }

  /** The nearest row within some pixels of a place on the map, or -1. */
  rowAt(view: View, x: number, y: number, pixels: number): number {
    const reach = pixels * perPixel(view);
    return this.#points.nearest(...unproject(view, x, y), reach, (row) => this.isShown(row));
  }

  /** Sorted rows inside a closed polygon on the plane. */
  inside(polygon: readonly number[]): Uint32Array {
    const rows = this.#points.inside(polygon);
    return this.paint.faded.size > 0 ? rows.filter((row) => this.isShown(row)) : rows;
  }

  /** Visit the rows in sight. */
  inSight(view: View, visit: (row: number) => void): void {
    const [x0, y1] = unproject(view, 0, 0);
    const [x1, y0] = unproject(view, view.width, view.height);
    this.#points.within({ x0, y0, x1, y1 }, (row) => {
      if (this.isShown(row)) visit(row);
    });
  }

  get #points(): PointGrid {
    this.#grid ??= new PointGrid(this.coords);
    return this.#grid;
  }
}
