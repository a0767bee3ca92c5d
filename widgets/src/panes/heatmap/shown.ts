import type { Heatmap, HeatmapLayer } from "../../source/source";
import { valueAt } from "./layers";

/** What the picture shows. */
export interface Shown {
  heatmap: Heatmap;
  layer: HeatmapLayer;
  /** The groups' places, from top to bottom and from left to right. */
  order: number[];
}

/** The layer's values in the order in which they show. */
export function orderedValues({ heatmap, layer, order }: Shown): Float32Array {
  const rows = order.map((row) => order.map((column) => valueAt(heatmap, layer, row, column)));
  return Float32Array.from(rows.flat());
}
