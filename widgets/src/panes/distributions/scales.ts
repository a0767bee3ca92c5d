/** How high counts stand: evenly, or by their powers of ten. */
export type CountKind = "linear" | "log";

/** Pixels that one pair stands over none where counts are logarithmic. */
const FOOT = 5;
/** Pixels of the smallest count that is one. */
const LEAST = 1;

export interface CountScale {
  /** Pixels above the ground; none of nothing. */
  height(count: number): number;
  /** Counts worth a line, from below; the first one is the ground where counts are even, and 1 where they are not. */
  ticks: number[];
}

/** The scale of counts up to the largest, in so many pixels. */
export function countScale(kind: CountKind, most: number, room: number): CountScale {
  const wanted = Math.max(2, Math.min(4, Math.floor(room / 36)));
  if (kind === "linear") {
    const top = Math.max(1, most);
    const height = (count: number): number => (count <= 0 ? 0 : Math.max(LEAST, (room * count) / top));
    return { height, ticks: niceTicks(0, top, wanted).filter(Number.isInteger) };
  }
  const decades = Math.log10(Math.max(10, most));
  const height = (count: number): number => {
    if (count <= 0) return 0;
    return count < 1 ? FOOT * count : FOOT + ((room - FOOT) * Math.log10(count)) / decades;
  };
  return { height, ticks: powers(decades, wanted) };
}

function powers(decades: number, wanted: number): number[] {
  const step = Math.max(1, Math.ceil(decades / wanted));
  const made: number[] = [];
  for (let power = 0; power <= decades + 1e-9; power += step) made.push(10 ** power);
  return made;
}

/** Round numbers within two ends, about as many as wanted. */
export function niceTicks(low: number, high: number, wanted: number): number[] {
  if (!(high > low)) return Number.isFinite(low) ? [low] : [];
  const rough = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough * (1 - 1e-9)) ?? 10;
  const step = factor * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Whole multiples, rounded: sums of a step would drift away from the round numbers.
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  return ticks;
}

const SHORT = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

/** A count at an axis: "850", "12K", "1.5M". */
export function shortCount(value: number): string {
  return SHORT.format(value);
}

/** Where a value lies between two ends of a line, in pixels; what lies beyond stands at the end. */
export function placeOn(value: number, [low, high]: [number, number], width: number): number {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return width * Math.max(0, Math.min(1, share));
}
