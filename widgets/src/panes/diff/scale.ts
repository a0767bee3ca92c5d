import type { Truncation } from "../../source/source";

/** Fewer dims than these say little, and have no room on the scale. */
const FEWEST = 8;

/** Where a slider rests: powers of two, and all dims. */
export function stopsOf(full: number): number[] {
  const stops: number[] = [];
  for (let dims = fewest(full); dims < full; dims *= 2) stops.push(dims);
  return [...stops, full];
}

/** Where dims lie on a logarithmic scale, 0 to 1; what is under its fewest lies at its end. */
export function shareOf(dims: number, full: number): number {
  const span = Math.log2(full / fewest(full));
  return span > 0 ? Math.max(0, Math.min(1, Math.log2(dims / fewest(full)) / span)) : 1;
}

/** Of some dims, those that lie nearest to a share of the scale. */
export function nearestTo(share: number, choices: readonly number[], full: number): number {
  const off = (dims: number): number => Math.abs(shareOf(dims, full) - share);
  return choices.reduce((best, dims) => (off(dims) < off(best) ? dims : best), choices[0] ?? full);
}

/** Where a key leads a slider of dims: by one, to the next stop, or to an end. */
export function stepped(key: string, dims: number, full: number): number | undefined {
  const stops = stopsOf(full);
  const next: Record<string, number> = {
    ArrowRight: dims + 1,
    ArrowUp: dims + 1,
    ArrowLeft: dims - 1,
    ArrowDown: dims - 1,
    PageUp: stops.find((stop) => stop > dims) ?? full,
    PageDown: stops.findLast((stop) => stop < dims) ?? 1,
    Home: 1,
    End: full,
  };
  const to = next[key];
  return to === undefined ? undefined : Math.max(1, Math.min(full, to));
}

/** The curve's value at some dims in words; between two that were measured, both. */
export function readingOf({ dims, recall, k }: Truncation, at: number): string {
  const name = `recall@${k}`;
  const valueAt = (i: number): string => (recall[i] ?? Number.NaN).toFixed(2);
  const own = dims.indexOf(at);
  if (own >= 0) return `${name} ${valueAt(own)} at ${own === dims.length - 1 ? "all " : ""}${dimsOf(at)}`;
  const above = dims.findIndex((measured) => measured > at);
  if (above <= 0) return `${name} was measured from ${dimsOf(dims[0] ?? 0)} on`;
  return `${name} ${valueAt(above - 1)} at ${dims[above - 1]}, ${valueAt(above)} at ${dimsOf(dims[above] ?? 0)}`;
}

function dimsOf(dims: number): string {
  return `${dims} ${dims === 1 ? "dim" : "dims"}`;
}

function fewest(full: number): number {
  return full > FEWEST ? FEWEST : 1;
}
