import { cut } from "../../marked";
import type { Heatmap, HeatmapLayer } from "../../source/source";
import { nats } from "./nats";

const MOST_NAME = 60;

export const LAYERS: { key: HeatmapLayer; title: string; hint: string }[] = [
  {
    key: "contribution",
    title: "Contribution",
    hint: "A row sums to its group’s mean KL, at the right.",
  },
  {
    key: "per mass",
    title: "Per teacher mass",
    hint: "Per unit of the teacher’s mass there: how badly off the little there is.",
  },
  {
    key: "between",
    title: "Between groups",
    hint: "From how much each group gets. A row sums to its group’s between part.",
  },
  {
    key: "within",
    title: "Within groups",
    hint: "From who is near inside each group. A row sums to its group’s within part.",
  },
  {
    key: "js",
    title: "Jensen–Shannon",
    hint: "Symmetric. A row sums to its group’s mean, at most ln 2 = 0.693.",
  },
];

/** What a group is called where there is room for a few words. */
export function nameOf(heatmap: Heatmap, place: number, length = MOST_NAME): string {
  const name = heatmap.names[place] ?? "";
  return name.trim() === "" ? "(empty)" : cut(name, length);
}

/** A cell's value in nats; NaN where there is none: a row without anchors is the mean of nothing. */
export function valueAt(heatmap: Heatmap, layer: HeatmapLayer, row: number, column: number): number {
  if (heatmap.anchors[row] === 0) return Number.NaN;
  return heatmap.layers[layer]?.[row * heatmap.names.length + column] ?? Number.NaN;
}

/** A cell in words: its value, its share of the row where rows add up, and how many anchors it is the mean of. */
export function cellWords(heatmap: Heatmap, layer: HeatmapLayer, row: number, column: number): string {
  const value = valueAt(heatmap, layer, row, column);
  const anchors = heatmap.anchors[row] ?? 0;
  const counted = anchors === 1 ? "1 anchor" : `${anchors.toLocaleString("en-US")} anchors`;
  if (!Number.isFinite(value))
    return anchors === 0 ? "no anchors in this group" : `nothing there · ${counted}`;
  const share = shareOfRow(heatmap, layer, row, value);
  const unit = layer === "per mass" ? "nats per unit of mass" : "nats";
  return [`${nats(value)} ${unit}`, ...(share === "" ? [] : [share]), counted].join(" · ");
}

function shareOfRow(heatmap: Heatmap, layer: HeatmapLayer, row: number, value: number): string {
  if (layer === "per mass") return "";
  const n = heatmap.names.length;
  const values = heatmap.layers[layer]?.subarray(row * n, row * n + n) ?? new Float32Array(0);
  const sum = values.reduce((total, one) => total + (Number.isFinite(one) ? one : 0), 0);
  if (!(sum > 0)) return "";
  const percent = (100 * value) / sum;
  const shown = Math.abs(percent) < 10 ? Number(percent.toFixed(1)) : Math.round(percent);
  return `${String(shown).replace("-", "−")} % of the row`;
}

/** The cells of largest size, as (row, column), largest first. */
export function largest(heatmap: Heatmap, layer: HeatmapLayer, count: number): [number, number][] {
  const n = heatmap.names.length;
  const sizes = Float32Array.from({ length: n * n }, (_, place) =>
    Math.abs(valueAt(heatmap, layer, Math.floor(place / n), place % n)),
  );
  const kept = Array.from(sizes.keys()).filter((place) => (sizes[place] ?? 0) > 0);
  kept.sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
  return kept.slice(0, count).map((place) => [Math.floor(place / n), place % n]);
}
