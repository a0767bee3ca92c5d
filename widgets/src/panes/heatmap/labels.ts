import { element } from "../../dom";
import type { Heatmap } from "../../source/source";
import { type Grid, thinned } from "./geometry";
import { nameOf } from "./layers";
import { column } from "./nats";

/** What one label takes, in CSS pixels. */
const LINE = 13;
/** Room for a turned name, along it: sin 45°. */
const TURNED = Math.SQRT1_2;

/** What the labels are made of. */
export interface Labelled {
  heatmap: Heatmap;
  order: number[];
  grid: Grid;
  /** How many of the selection lie in each group. */
  picked: number[] | null;
  /** Longest turned name, in CSS pixels. */
  turned: number;
  /** Where the numbers of the means end. */
  right: number;
}

/** The groups' names at the left and below, and the rows' means at the right; thinned where they do not fit. */
export function labelsOf(labelled: Labelled): HTMLElement[] {
  const { grid } = labelled;
  const rows = thinned(grid.n, grid.cellHeight, LINE);
  const columns = thinned(grid.n, grid.cellWidth, LINE);
  return [
    ...rows.map((down) => rowLabel(labelled, down)),
    ...rows.map((down) => meanLabel(labelled, down)),
    ...columns.map((across) => columnLabel(labelled, across)),
  ];
}

export function rowLabel({ heatmap, order, grid, picked }: Labelled, down: number): HTMLElement {
  const place = order[down] ?? 0;
  const label = element("span", { class: "es-heat-label es-heat-row" });
  const count = picked?.[place] ?? 0;
  if (count > 0) {
    const words = `${count.toLocaleString("en-US")} of the selection`;
    label.append(element("span", { class: "es-heat-picked", title: words }, String(count)));
  }
  label.append(element("bdi", {}, nameOf(heatmap, place)));
  label.title = nameOf(heatmap, place, 200);
  label.style.top = `${grid.top + (down + 0.5) * grid.cellHeight}px`;
  label.style.width = `${grid.left - 8}px`;
  return label;
}

export function columnLabel({ heatmap, order, grid, turned }: Labelled, across: number): HTMLElement {
  const place = order[across] ?? 0;
  const name = element("bdi", {}, nameOf(heatmap, place));
  const label = element("span", { class: "es-heat-label es-heat-column" }, name);
  label.title = nameOf(heatmap, place, 200);
  label.style.left = `${grid.left + (across + 0.5) * grid.cellWidth - LINE * TURNED * 0.5}px`;
  label.style.top = `${grid.top + grid.n * grid.cellHeight + 4}px`;
  label.style.maxWidth = `${turned}px`;
  return label;
}

function meanLabel({ heatmap, order, grid, right }: Labelled, down: number): HTMLElement {
  const mean = heatmap.means[order[down] ?? 0] ?? Number.NaN;
  const label = element("span", { class: "es-heat-label es-heat-mean" }, column(mean));
  label.style.top = `${grid.top + (down + 0.5) * grid.cellHeight}px`;
  label.style.left = `${right - 38}px`;
  return label;
}

/** Room that the names want: at the left as much as the longest needs, within reason; below what the turned ones need. */
export function roomFor(
  names: string[],
  font: string,
  width: number,
): { left: number; bottom: number; turned: number } {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (context) context.font = `11px ${font}`;
  const widths = names.map((name) => context?.measureText(name).width ?? 6 * name.length);
  const longest = Math.ceil(Math.max(24, ...widths)) + 2;
  const left = Math.min(longest, 150, Math.max(56, 0.26 * width)) + 10;
  // A turned name under the first column must not leave the picture at the left.
  const turned = Math.min(longest, 112, (left - 2) / TURNED);
  return { left, turned, bottom: turned * TURNED + LINE };
}
