import type { Side } from "../../source/source";

/** How much of a column belongs to the lower bar at least, so that small counts can be met too. */
const LEAST_REACH = 8;

/** The outline of a histogram, open at the ground; bins without a count leave a gap. */
export function stepPath(heights: readonly number[], width: number, ground: number): string {
  const step = width / Math.max(1, heights.length);
  const parts: string[] = [];
  let inRun = false;
  heights.forEach((height, bin) => {
    const x = short(bin * step);
    const y = short(ground - height);
    if (height <= 0) {
      if (inRun) parts.push(`V${short(ground)}`);
      inRun = false;
      return;
    }
    parts.push(inRun ? `V${y}` : `M${x} ${short(ground)}V${y}`, `H${short((bin + 1) * step)}`);
    inRun = true;
  });
  if (inRun) parts.push(`V${short(ground)}`);
  return parts.join("");
}

/** One bar, and the part of its column in which the pointer means it. */
export interface Reach {
  bin: number;
  side: Side;
  x: number;
  width: number;
  /** The top and the height of where the pointer means it. */
  top: number;
  height: number;
  /** Height of the bar itself. */
  bar: number;
}

/**
 * Who is meant in which part of each column: the bar whose top is nearest, so that the two share a column at the middle
 * of their tops. A bar without a count is never meant.
 */
export function reaches(
  teacher: readonly number[],
  student: readonly number[],
  width: number,
  ground: number,
): Reach[] {
  const step = width / Math.max(1, teacher.length);
  return teacher.flatMap((ours, bin) => {
    const theirs = student[bin] ?? 0;
    const column = { bin, x: bin * step, width: step };
    const whole = { ...column, top: 0, height: ground };
    if (ours <= 0 && theirs <= 0) return [];
    if (theirs <= 0) return [{ ...whole, side: "teacher" as const, bar: ours }];
    if (ours <= 0) return [{ ...whole, side: "student" as const, bar: theirs }];
    const middle = ground - (ours + theirs) / 2;
    const border = Math.max(LEAST_REACH, Math.min(ground - LEAST_REACH, middle));
    const upper = { ...column, top: 0, height: border };
    const lower = { ...column, top: border, height: ground - border };
    return [
      { ...(ours >= theirs ? upper : lower), side: "teacher" as const, bar: ours },
      { ...(ours >= theirs ? lower : upper), side: "student" as const, bar: theirs },
    ];
  });
}

/** The bin at a place, or -1. */
export function binAt(x: number, width: number, bins: number): number {
  const bin = Math.floor((x / width) * bins);
  return bin >= 0 && bin < bins ? bin : -1;
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
