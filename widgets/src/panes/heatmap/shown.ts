import type { Heatmap, HeatmapLayer } from "../../source/source";

/** What the picture shows. */
export interface Shown {
  heatmap: Heatmap;
  layer: HeatmapLayer;
  /** The groups' places, from top to bottom and from left to right. */
  order: number[];
}

/** The layer's values in the order in which they show. */
export function orderedValues({ heatmap, layer, order }: Shown): Float32Array {
  const n = order.length;
  const values = heatmap.layers[layer];
  const ordered = new Float32Array(n * n).fill(Number.NaN);
  if (!values) return ordered;
  for (const [down, row] of order.entries()) {
    // A row without anchors is the mean of nothing, whatever stands in it.
    if (heatmap.anchors[row] === 0) continue;
    for (const [across, column] of order.entries())
      ordered[down * n + across] = values[row * n + column] ?? Number.NaN;
  }
  return ordered;
}
