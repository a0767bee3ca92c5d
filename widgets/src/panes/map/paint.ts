import type { CategoryColor, Color, NumberColor } from "../../state";

export type Rgba = [number, number, number, number];

/** What the plot needs to draw: a level for each point, and for each level a colour and an opacity. */
export interface Paint {
  levels: Uint8Array | Uint16Array | Uint32Array;
  colors: Rgba[];
  opacities: number[];
  /** Levels from the bottom of the pile to its top, where the order matters. */
  pile: number[] | undefined;
}

export interface Look {
  size: number;
  opacity: number;
  dark: boolean;
  isolated: ReadonlySet<number>;
}

/** A number's ramp has this many steps; one more level holds the points without a number. */
export const STEPS = 255;
const PLAIN = { light: "#4a5f96", dark: "#93a8e0" };
const GREY = { light: "#a9aeb8", dark: "#666c78" };

/** The size (CSS pixels at home zoom) and opacity at which `n` points on a map of this area can be read. */
export function lookFor(n: number, area: number): Pick<Look, "size" | "opacity"> {
  const room = Math.sqrt(Math.max(area, 1) / 500_000);
  const size = 27 * Math.max(n, 1) ** -0.215 * Math.min(1.35, Math.max(0.7, room));
  const opacity = 1.33 - 0.17 * Math.log10(Math.max(n, 1));
  return { size: clamp(size, 1.2, 9), opacity: clamp(opacity, 0.28, 0.92) };
}

export function paintOf(color: Color, n: number, look: Look): Paint {
  if (color.kind === "category") return paintCategories(color, look);
  if (color.kind === "number") return paintNumbers(color, look);
  return {
    levels: new Uint8Array(n),
    colors: [rgba(look.dark ? PLAIN.dark : PLAIN.light)],
    opacities: [look.opacity],
    pile: undefined,
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
  };
}

/** Points without a category (grey) are the ground on which the others lie; what is not isolated fades. */
function categoryInk(own: Rgba, code: number, { isolated, opacity, dark }: Look): Ink {
  const grey = rgba(dark ? GREY.dark : GREY.light);
  if (isolated.size > 0 && !isolated.has(code)) return { color: grey, opacity: opacity * 0.16, rank: 0 };
  if (!isGrey(own)) return { color: own, opacity, rank: 2 };
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
  return { levels, colors, opacities, pile: [STEPS, ...Array.from({ length: STEPS }, (_, step) => step)] };
}

export function levelOf(value: number, low: number, high: number): number {
  if (!Number.isFinite(value)) return STEPS;
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(clamp(share, 0, 1) * (STEPS - 1));
}

/** The colour at a share (0 to 1) of a ramp of evenly spaced stops. */
export function rampAt(ramp: string[], share: number): Rgba {
  const stops = ramp.length > 0 ? ramp : ["#808080"];
  const place = share * (stops.length - 1);
  const below = rgba(stops[Math.floor(place)] ?? "#808080");
  const above = rgba(stops[Math.ceil(place)] ?? "#808080");
  const t = place - Math.floor(place);
  return below.map((channel, i) => channel * (1 - t) + (above[i] as number) * t) as Rgba;
}

/** "#rrggbb", or "rgb(r, g, b)" as a browser computes it, with channels from 0 to 1. */
export function rgba(color: string): Rgba {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  const channels = hex ? hex.slice(1).map((pair) => Number.parseInt(pair, 16)) : decimals(color);
  return [...channels.map((channel) => channel / 255), 1] as Rgba;
}

function decimals(color: string): number[] {
  const found = color.match(/\d+(\.\d+)?/g)?.map(Number) ?? [];
  return found.length >= 3 ? found.slice(0, 3) : [128, 128, 128];
}

function isGrey([r, g, b]: Rgba): boolean {
  return Math.max(r, g, b) - Math.min(r, g, b) < 0.06;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
