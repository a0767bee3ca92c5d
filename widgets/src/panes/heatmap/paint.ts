import { rgba } from "../../colors";
import { edgesOf, type Grid } from "./geometry";
import { column } from "./nats";
import { inkOn, Ramp } from "./ramp";
import { type Scale, shareOf } from "./scale";

/** What is painted: the cells in the order in which they show, and each row's mean. */
export interface Painting {
  grid: Grid;
  values: Float32Array;
  scale: Scale;
  means: number[];
  /** Where the bars of the means begin, and the length of the longest. */
  bars: { left: number; length: number };
}

/** The theme's colours, as the canvas wants them. */
export interface Inks {
  ramp: Ramp;
  ink: string;
  line: string;
  font: string;
}

/** From here on, in CSS pixels: hairlines between cells, a dash in cells under 0, numbers. */
const GAPPED = 6;
const DASHED = 9;
const NUMBERED = { width: 40, height: 18 };

export function inksOf(root: HTMLElement, dark: boolean): Inks {
  const style = getComputedStyle(root);
  return {
    ramp: new Ramp(rgba(style.backgroundColor), dark),
    ink: style.getPropertyValue("--es-ink-2"),
    line: style.getPropertyValue("--es-line"),
    font: style.fontFamily,
  };
}

/** Fit the canvas to its room in whole device pixels, and paint everything. */
export function paint(
  canvas: HTMLCanvasElement,
  [width, height]: [number, number],
  painting: Painting,
  inks: Inks,
): void {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = canvas.getContext("2d");
  if (!context) return;
  paintCells(context, painting, inks, ratio);
  paintBars(context, painting, inks, ratio);
}

function paintCells(context: CanvasRenderingContext2D, painting: Painting, inks: Inks, ratio: number): void {
  const { grid, values, scale } = painting;
  const gap = Math.min(grid.cellWidth, grid.cellHeight) >= GAPPED ? 1 : 0;
  const boxes = boxesOf(grid, ratio, gap);
  paintFrame(context, boxes, gap, inks.line);
  const hatch = hatching(context, inks.ink, ratio);
  const lettering = lettersFor(grid, inks, ratio);
  for (const [at, value] of values.entries()) {
    const box = boxes(Math.floor(at / grid.n), at % grid.n);
    const there = Number.isFinite(value);
    const share = there ? shareOf(value, scale) : 0;
    fill(context, inks.ramp.css(share), box);
    if (there) lettering(context, value, share, box);
    else fill(context, hatch, box);
  }
}

function fill(context: CanvasRenderingContext2D, style: string | CanvasPattern, box: Box): void {
  context.fillStyle = style;
  context.fillRect(box.x, box.y, box.width, box.height);
}

type Boxes = ((down: number, across: number) => Box) & { whole: Box };

/** The cells' boxes in device pixels, a hairline apart where there is room for it. */
function boxesOf({ n, left, top, cellWidth, cellHeight }: Grid, ratio: number, gap: number): Boxes {
  const xs = edgesOf(left, cellWidth, n, ratio);
  const ys = edgesOf(top, cellHeight, n, ratio);
  const boxOf = (down: number, across: number, to: [number, number]): Box => {
    const [x, y] = [(xs[across] ?? 0) + gap, (ys[down] ?? 0) + gap];
    return { x, y, width: (xs[to[1]] ?? 0) - x, height: (ys[to[0]] ?? 0) - y };
  };
  const one = (down: number, across: number): Box => boxOf(down, across, [down + 1, across + 1]);
  return Object.assign(one, { whole: boxOf(0, 0, [n, n]) });
}

/** What shows between the cells and around them. */
function paintFrame(context: CanvasRenderingContext2D, { whole }: Boxes, gap: number, line: string): void {
  const around = { x: whole.x - 1, y: whole.y - 1, width: whole.width + 2, height: whole.height + 2 };
  fill(context, line, gap ? { ...around, width: around.width - 1, height: around.height - 1 } : around);
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

type Lettering = (context: CanvasRenderingContext2D, value: number, share: number, box: Box) => void;

/** What is written into cells: their numbers where there is room, else a dash where they are under 0. */
function lettersFor({ cellWidth, cellHeight }: Grid, inks: Inks, ratio: number): Lettering {
  if (cellWidth >= NUMBERED.width && cellHeight >= NUMBERED.height)
    return (context, value, share, { x, y, width, height }) => {
      context.fillStyle = inkOn(inks.ramp.at(share));
      context.font = `${11 * ratio}px ${inks.font}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(column(value), x + width / 2, y + height / 2, width - 4 * ratio);
    };
  if (Math.min(cellWidth, cellHeight) < DASHED) return () => undefined;
  return (context, value, share, { x, y, width, height }) => {
    // Where the colour is faint, the sign is of no weight either.
    if (value >= 0 || share > -0.2) return;
    context.fillStyle = inkOn(inks.ramp.at(share));
    context.globalAlpha = 0.75;
    const length = Math.round(Math.min(6 * ratio, width / 2));
    context.fillRect(
      Math.round(x + (width - length) / 2),
      Math.round(y + height / 2),
      length,
      Math.max(1, Math.round(ratio)),
    );
    context.globalAlpha = 1;
  };
}

function paintBars(context: CanvasRenderingContext2D, painting: Painting, inks: Inks, ratio: number): void {
  const { grid, means, bars } = painting;
  const most = Math.max(...means.filter(Number.isFinite), 0);
  const down = edgesOf(grid.top, grid.cellHeight, grid.n, ratio);
  const thick = Math.min(5 * ratio, Math.max(1, grid.cellHeight * ratio - 1));
  context.fillStyle = inks.ink;
  for (const [row, mean] of means.entries()) {
    if (!(mean > 0)) continue;
    const middle = ((down[row] ?? 0) + (down[row + 1] ?? 0)) / 2;
    const length = Math.max(ratio, (mean / most) * bars.length * ratio);
    context.fillRect(Math.round(bars.left * ratio), Math.round(middle - thick / 2), length, thick);
  }
}

/** Diagonal hairlines: there is nothing here to have a colour. */
function hatching(context: CanvasRenderingContext2D, ink: string, ratio: number): CanvasPattern | string {
  const side = Math.round(5 * ratio);
  const tile = new OffscreenCanvas(side, side);
  const lines = tile.getContext("2d");
  if (!lines) return ink;
  lines.strokeStyle = ink;
  lines.globalAlpha = 0.5;
  lines.lineWidth = ratio;
  lines.beginPath();
  for (const shift of [-side, 0, side]) {
    lines.moveTo(shift - 1, side + 1);
    lines.lineTo(shift + side + 1, -1);
  }
  lines.stroke();
  return context.createPattern(tile, "repeat") ?? ink;
}
