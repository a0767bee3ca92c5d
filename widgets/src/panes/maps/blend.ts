import type { ClusterLabel } from "../../model";
import { boundsOf, type Rect } from "../map/geometry";

/** Places between those of two maps: 0 is the first, 1 the second; the first where there are not as many in the second. */
export function mixPlaces(from: Float32Array, to: Float32Array, share: number): Float32Array {
  if (share <= 0 || from.length !== to.length) return from;
  if (share >= 1) return to;
  const mixed = new Float32Array(from.length);
  for (let i = 0; i < mixed.length; i++) {
    const start = from[i] as number;
    mixed[i] = start + share * ((to[i] as number) - start);
  }
  return mixed;
}

/** The names of the first map on their way to their places in the second. */
export function mixLabels(
  from: readonly ClusterLabel[],
  to: readonly ClusterLabel[],
  share: number,
): ClusterLabel[] {
  return from.map((label, i) => {
    const end = to[i] ?? label;
    const between = (a: number, b: number): number => a + share * (b - a);
    return { ...label, x: between(label.x, end.x), y: between(label.y, end.y) };
  });
}

/** The box around the places in both maps, all of them or those of some rows; undefined where there are none. */
export function boundsOfBoth(from: Float32Array, to: Float32Array, rows?: Uint32Array): Rect | undefined {
  const [a, b] = [boundsOf(from, rows), boundsOf(to, rows)];
  if (!a || !b) return a ?? b;
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  const right = Math.max(a.x + a.width, b.x + b.width);
  const top = Math.max(a.y + a.height, b.y + b.height);
  return { x, y, width: right - x, height: top - y };
}
