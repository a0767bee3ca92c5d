import type { Side } from "../../source/source";

/** A bar by its bin and its side. */
export interface Place {
  bin: number;
  side: Side;
}

/** The bars' counts by side. */
export type Counts = Record<Side, readonly number[]>;

/** Where a key leads from a bar: along the bins that hold pairs, or to the other side; null: nowhere. */
export function moved(counts: Counts, { bin, side }: Place, key: string): Place | null {
  const own = counts[side];
  const steps: Record<string, () => number> = {
    ArrowRight: () => next(own, bin, 1),
    ArrowLeft: () => next(own, bin, -1),
    Home: () => next(own, -1, 1),
    End: () => next(own, own.length, -1),
  };
  const step = steps[key];
  if (step) {
    const found = step();
    return { bin: found < 0 ? bin : found, side };
  }
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const other = side === "teacher" ? "student" : "teacher";
  const found = nearest(counts[other], bin);
  return found < 0 ? { bin, side } : { bin: found, side: other };
}

/** The next bin with pairs in a direction, or -1. */
function next(counts: readonly number[], from: number, step: 1 | -1): number {
  for (let bin = from + step; bin >= 0 && bin < counts.length; bin += step) {
    if ((counts[bin] ?? 0) > 0) return bin;
  }
  return -1;
}

/** The bin with pairs that is nearest to one, itself first, or -1. */
export function nearest(counts: readonly number[], bin: number): number {
  let found = -1;
  counts.forEach((count, at) => {
    if (count > 0 && (found < 0 || Math.abs(at - bin) < Math.abs(found - bin))) found = at;
  });
  return found;
}

/** The fullest bin: where the keyboard starts. */
export function fullest(counts: readonly number[]): number {
  let found = -1;
  counts.forEach((count, bin) => {
    if (count > (found < 0 ? 0 : (counts[found] ?? 0))) found = bin;
  });
  return found;
}
