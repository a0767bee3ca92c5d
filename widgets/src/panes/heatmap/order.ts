import type { Heatmap } from "../../source/source";

export type Order = "similarity" | "mean" | "name";

/** The groups' places from top to bottom, which are also those from left to right. */
export function orderOf(heatmap: Heatmap, order: Order): number[] {
  const places = heatmap.names.map((_, place) => place);
  if (order === "similarity") return isOrder(heatmap.order, places.length) ? [...heatmap.order] : places;
  if (order === "name") return places.sort((a, b) => byName(heatmap, a, b));
  return places.sort((a, b) => meanOf(heatmap, b) - meanOf(heatmap, a) || a - b);
}

/** Groups without anchors have no mean, and come last. */
function meanOf({ means }: Heatmap, place: number): number {
  const mean = means[place] ?? Number.NaN;
  return Number.isFinite(mean) ? mean : -Number.MAX_VALUE;
}

function byName({ names }: Heatmap, a: number, b: number): number {
  return (names[a] ?? "").localeCompare(names[b] ?? "", "en", { numeric: true }) || a - b;
}

function isOrder(order: readonly number[], n: number): boolean {
  return order.length === n && new Set(order).size === n && order.every((place) => place >= 0 && place < n);
}
