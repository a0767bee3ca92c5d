import { GREY, isGrey, onDark, type Rgba, rampAt, rgba } from "../../colors";
import type { CategoryColor, Color, NumberColor } from "../../state";

/** What the plot needs to draw: a level for each point, and for each level a colour and an opacity. */
export interface Paint {
  levels: Uint8Array | Uint16Array | Uint32Array;
  colors: Rgba[];
  opacities: number[];
  /** Levels from the bottom of the pile to its top, where the order matters. */
  pile: number[] | undefined;
  /** Levels that stand back: their points are seen, but are not to be taken. */
  faded: ReadonlySet<number>;
}

export interface Look {
  size: number;
  opacity: number;
  dark: boolean;
  isolated: ReadonlySet<number>;
  /** Sorted rows that stand out from the others; null: all are alike. */
  marked?: Uint32Array | null;
}

/** How much of its opacity is left to what stands back. */
const FADED = 0.16;
const NOTHING_FADED: ReadonlySet<number> = new Set();

/** A number's ramp has this many steps; one more level holds the points without a number. */
export const STEPS = 255;
const PLAIN = { light: "#4a5f96", dark: "#93a8e0" };

/** The size (CSS pixels at home zoom) and opacity at which `n` points on a map of this area can be read. */
export function lookFor(n: number, area: number): Pick<Look, "size" | "opacity"> {
  const room = Math.sqrt(Math.max(area, 1) / 500_000);
  const size = 27 * Math.max(n, 1) ** -0.215 * Math.min(1.35, Math.max(0.7, room));
  const opacity = 0.95 / (1 + (n / 120_000) ** 0.55);
  return { size: clamp(size, 1.2, 9), opacity: clamp(opacity, 0.15, 0.92) };
}

/** How many times more opaque points are drawn when one is nearer, or when only a sample of them is drawn. */
export function gainAt(zoom: number, every: number, opacities: readonly number[]): number {
  const most = opacities.reduce((a, b) => Math.max(a, b), 0);
  return clamp(Math.sqrt(Math.max(1, zoom)) * every, 1, Math.max(1, 0.92 / most));
}

export function paintOf(color: Color, n: number, look: Look): Paint {
  const paint = plainPaint(color, n, look);
  return look.marked ? fadeOthers(paint, look.marked, look) : paint;
}

/** One more level, at the bottom of the pile, takes all rows but the marked. */
function fadeOthers(
  { levels, colors, opacities, pile, faded }: Paint,
  marked: Uint32Array,
  look: Look,
): Paint {
  const back = colors.length;
  const all = new Uint32Array(levels.length).fill(back);
  for (const row of marked) all[row] = levels[row] as number;
  return {
    levels: all,
    colors: [...colors, rgba(look.dark ? GREY.dark : GREY.light)],
    opacities: [...opacities, look.opacity * FADED],
    pile: [back, ...(pile ?? colors.keys())],
    faded: new Set([...faded, back]),
  };
}

function plainPaint(color: Color, n: number, look: Look): Paint {
  if (color.kind === "category") return paintCategories(color, look);
  if (color.kind === "number") return paintNumbers(color, look);
  return {
    levels: new Uint8Array(n),
    colors: [rgba(look.dark ? PLAIN.dark : PLAIN.light)],
    opacities: [look.opacity],
    pile: undefined,
    faded: NOTHING_FADED,
  };
}

function paintCategories(color: CategoryColor, look: Look): Paint {
  const codes = Array.from({ length: Math.max(1, color.names.length) }, (_, code) => code);
  const inks = codes.map((code) => categoryInk(rgba(color.colors[code] ?? "#888888"), code, look));
  const pile = codes.toSorted((a, b) => (inks[a]?.rank ?? 0) - (inks[b]?.rank ?? 0));
  return {
    levels: color.codes,
    colors: inks.map((ink) => ink.color),
    opacities: inks.map((ink) => ink.opacity),
    pile: new Set(inks.map((ink) => ink.rank)).size > 1 ? pile : undefined,
    faded: new Set(codes.filter((code) => inks[code]?.rank === 0)),
  };
}

/** Points without a category (grey) are the ground on which the others lie; what is not isolated fades. */
function categoryInk(own: Rgba, code: number, { isolated, opacity, dark }: Look): Ink {
  const grey = rgba(dark ? GREY.dark : GREY.light);
  if (isolated.size > 0 && !isolated.has(code)) return { color: grey, opacity: opacity * FADED, rank: 0 };
  if (!isGrey(own)) return { color: dark ? onDark(own) : own, opacity, rank: 2 };
  return { color: grey, opacity: isolated.size > 0 ? opacity : opacity * 0.6, rank: 1 };
}

interface Ink {
  color: Rgba;
  opacity: number;
  /** Higher lies on top. */
  rank: number;
}

function paintNumbers(color: NumberColor, look: Look): Paint {
  const [low, high] = color.range;
  const levels = Uint16Array.from(color.values, (value) => levelOf(value, low, high));
  const colors = Array.from({ length: STEPS }, (_, step) => rampAt(color.ramp, step / (STEPS - 1)));
  const opacities = colors.map(() => look.opacity);
  colors.push(rgba(look.dark ? GREY.dark : GREY.light));
  opacities.push(look.opacity * 0.5);
  const pile = [STEPS, ...Array.from({ length: STEPS }, (_, step) => step)];
  return { levels, colors, opacities, pile, faded: NOTHING_FADED };
}

export function levelOf(value: number, low: number, high: number): number {
  if (!Number.isFinite(value)) return STEPS;
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(clamp(share, 0, 1) * (STEPS - 1));
}

/** Rows in the order in which they are drawn, or undefined where any order will do. */
export function pileRows({ pile, levels, colors }: Paint): Uint32Array | undefined {
  if (!pile) return undefined;
  const place = new Uint32Array(colors.length);
  for (const [i, level] of pile.entries()) place[level] = i;
  const placeOf = (row: number): number => place[levels[row] as number] ?? 0;
  // A counting sort: a million rows take a few milliseconds.
  const next = new Uint32Array(colors.length + 1);
  for (let row = 0; row < levels.length; row++) (next[placeOf(row) + 1] as number)++;
  for (let i = 0; i < colors.length; i++) (next[i + 1] as number) += next[i] as number;
  const rows = new Uint32Array(levels.length);
  for (let row = 0; row < levels.length; row++) rows[(next[placeOf(row)] as number)++] = row;
  return rows;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
