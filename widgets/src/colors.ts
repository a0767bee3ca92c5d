/** Red, green, blue and opacity, 0 to 1. */
export type Rgba = [number, number, number, number];

/** What has no category, in each theme. */
export const GREY = { light: "#a9aeb8", dark: "#666c78" };

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

/** On a dark ground a dark colour is made brighter, then mixed with white, until it can be seen; its hue stays. */
export function onDark([r, g, b, opacity]: Rgba, least = 0.14): Rgba {
  const own = luminance([r, g, b, opacity]);
  if (own >= least) return [r, g, b, opacity];
  const brightest = Math.max(toLinear(r), toLinear(g), toLinear(b));
  const gain = brightest > 0 ? Math.min(least / own, 1 / brightest) : 1;
  const white = Math.max(0, (least - own * gain) / (1 - own * gain));
  const lift = (channel: number): number => toSrgb(toLinear(channel) * gain * (1 - white) + white);
  return [lift(r), lift(g), lift(b), opacity];
}

/** Relative luminance (WCAG 2), 0 to 1. */
function luminance([r, g, b]: Rgba): number {
  return 0.2126 * toLinear(r) + 0.7152 * toLinear(g) + 0.0722 * toLinear(b);
}

function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function toSrgb(linear: number): number {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
}

/** The CSS colour of a category's swatch: what the map shows for it in this theme. */
export function swatch(color: string, dark: boolean): string {
  const own = rgba(color);
  if (isGrey(own)) return dark ? GREY.dark : GREY.light;
  return css(dark ? onDark(own) : own);
}

function css([r, g, b]: Rgba): string {
  return `rgb(${[r, g, b].map((channel) => Math.round(channel * 255)).join(" ")})`;
}

/** Python marks what has no category with a grey. */
export function isGrey([r, g, b]: Rgba): boolean {
  return Math.max(r, g, b) - Math.min(r, g, b) < 0.06;
}
