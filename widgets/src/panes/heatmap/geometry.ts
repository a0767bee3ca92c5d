/** Where the cells lie, in CSS pixels from the picture's corner. */
export interface Grid {
  n: number;
  left: number;
  top: number;
  cellWidth: number;
  cellHeight: number;
}

export interface Room {
  width: number;
  height: number;
  /** For the axes' titles above, the names of rows at the left, the means at the right, the names of columns below. */
  top: number;
  left: number;
  right: number;
  bottom: number;
}

const LARGEST = 72;
/** Cells may be wider than high, so that the picture fills its room; no more than this. */
const STRETCH = 1.6;

export function gridOf(n: number, { width, height, top, left, right, bottom }: Room): Grid {
  const wide = Math.max(n, width - left - right) / Math.max(1, n);
  const high = Math.max(n, height - top - bottom) / Math.max(1, n);
  return {
    n,
    left,
    top,
    cellWidth: Math.min(wide, LARGEST * STRETCH, high * STRETCH),
    cellHeight: Math.min(high, LARGEST, wide * STRETCH),
  };
}

/** Edges of the columns (or rows) in device pixels: whole ones, so that cells are crisp; n + 1 of them. */
export function edgesOf(start: number, size: number, n: number, ratio: number): number[] {
  return Array.from({ length: n + 1 }, (_, i) => Math.round((start + i * size) * ratio));
}

/** The cell (down, across) under a place, or null beside them. */
export function cellAt(grid: Grid, x: number, y: number): [number, number] | null {
  const across = Math.floor((x - grid.left) / grid.cellWidth);
  const down = Math.floor((y - grid.top) / grid.cellHeight);
  const within = across >= 0 && down >= 0 && across < grid.n && down < grid.n;
  return within ? [down, across] : null;
}

/** Which of n labels show, when each needs some pixels and has `size`: every one, or every so many from the first. */
export function thinned(n: number, size: number, needed: number): number[] {
  const step = Math.max(1, Math.ceil(needed / Math.max(size, 1e-6)));
  return Array.from({ length: Math.ceil(n / step) }, (_, i) => i * step);
}

/** Where a key takes the cell cursor; null: it is not a key of the grid. */
export function movedBy(key: string, [down, across]: [number, number], n: number): [number, number] | null {
  const last = n - 1;
  const places: Record<string, [number, number]> = {
    ArrowUp: [down - 1, across],
    ArrowDown: [down + 1, across],
    ArrowLeft: [down, across - 1],
    ArrowRight: [down, across + 1],
    PageUp: [down - 10, across],
    PageDown: [down + 10, across],
    Home: [down, 0],
    End: [down, last],
  };
  const to = places[key];
  if (!to) return null;
  return [Math.max(0, Math.min(last, to[0])), Math.max(0, Math.min(last, to[1]))];
}
