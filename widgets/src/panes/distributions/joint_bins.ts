/** Pairs by the teacher's and the student's bin, as a square table. */
export interface Joint {
  bins: number;
  counts: Uint32Array;
  most: number;
}

/** A place in the table. */
export interface Cell {
  teacher: number;
  student: number;
}

/** A table that is square, or nothing. */
export function jointOf(counts: Uint32Array | null, bins: number): Joint | null {
  if (!counts || bins < 1 || counts.length !== bins * bins) return null;
  let most = 0;
  for (const count of counts) most = Math.max(most, count);
  return { bins, counts, most };
}

export function countAt({ bins, counts }: Joint, { teacher, student }: Cell): number {
  return counts[teacher * bins + student] ?? 0;
}

/** From 0 (no pairs) to 1 (the fullest bin), by the logarithm; a single pair is above nothing. */
export function density(count: number, most: number): number {
  return count <= 0 ? 0 : Math.log1p(count) / Math.log1p(Math.max(1, most));
}

/** The cell at a place of a square whose student's axis points up; null outside. */
export function cellAt(x: number, y: number, size: number, bins: number): Cell | null {
  const teacher = Math.floor((x / size) * bins);
  const student = bins - 1 - Math.floor((y / size) * bins);
  const inside = teacher >= 0 && teacher < bins && student >= 0 && student < bins;
  return inside ? { teacher, student } : null;
}

/** Where a key leads from a cell. */
export function cellMoved({ teacher, student }: Cell, key: string, bins: number): Cell | null {
  const steps: Record<string, [number, number]> = {
    ArrowRight: [1, 0],
    ArrowLeft: [-1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
  };
  const step = steps[key];
  if (!step) return null;
  const within = (bin: number): number => Math.max(0, Math.min(bins - 1, bin));
  return { teacher: within(teacher + step[0]), student: within(student + step[1]) };
}

/** The cell with the most pairs. */
export function fullestCell({ bins, counts, most }: Joint): Cell {
  const at = Math.max(0, counts.indexOf(most));
  return { teacher: Math.floor(at / bins), student: at % bins };
}

/** Teacher's and student's distances of the same quantile, from the ends inwards; none without pairs. */
export function quantileLine(
  teacher: readonly number[],
  student: readonly number[],
  edges: readonly number[],
  points = 60,
): [number, number][] {
  const sides = [cumulated(teacher), cumulated(student)] as const;
  if (sides.some((sums) => (sums.at(-1) ?? 0) === 0)) return [];
  return Array.from({ length: points + 1 }, (_, i) => {
    const share = i / points;
    return [quantile(sides[0], share, edges), quantile(sides[1], share, edges)];
  });
}

/** Pairs below each edge. */
function cumulated(counts: readonly number[]): number[] {
  const sums = [0];
  for (const count of counts) sums.push((sums.at(-1) ?? 0) + count);
  return sums;
}

/** Linear within a bin. */
function quantile(sums: readonly number[], share: number, edges: readonly number[]): number {
  const wanted = share * (sums.at(-1) ?? 0);
  const above = wanted <= 0 ? firstAbove(sums, 0) : sums.findIndex((sum) => sum >= wanted);
  const below = above - 1;
  const [from, to] = [sums[below] ?? 0, sums[above] ?? 0];
  const part = to > from ? (wanted - from) / (to - from) : 0;
  const [low, high] = [edges[below] ?? 0, edges[above] ?? 0];
  return low + part * (high - low);
}

function firstAbove(sums: readonly number[], value: number): number {
  return sums.findIndex((sum) => sum > value);
}
