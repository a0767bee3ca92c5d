import type { Rgba } from "../../colors";

/** Blue under 0, orange over it: the pair that no common colour blindness confuses. From near the ground to far from it. */
const STOPS = {
  light: {
    under: ["#9cc0ea", "#3f7fca", "#123f86"],
    over: ["#f5bf85", "#d9731f", "#8a3604"],
  },
  dark: {
    under: ["#1f4576", "#4f93e4", "#c3dfff"],
    over: ["#6b3c14", "#d98236", "#ffd6a6"],
  },
};

const STEPS = 128;

/** Colours of -1 to 1, as red, green and blue bytes; 0 is the ground itself. */
export class Ramp {
  #bytes = new Uint8ClampedArray(3 * (2 * STEPS + 1));

  constructor(ground: Rgba, dark: boolean) {
    const { under, over } = STOPS[dark ? "dark" : "light"];
    const own = ground.slice(0, 3) as Bytes;
    const below = [own, ...under.map(bytesOf)];
    const above = [own, ...over.map(bytesOf)];
    for (let step = -STEPS; step <= STEPS; step++) {
      const colour = along(step < 0 ? below : above, Math.abs(step) / STEPS);
      this.#bytes.set(
        colour.map((channel) => 255 * channel),
        3 * (step + STEPS),
      );
    }
  }

  /** The colour of a share from -1 to 1; what lies beyond has the colour of its end. */
  at(share: number): [number, number, number] {
    const step = Math.round(Math.max(-1, Math.min(1, share)) * STEPS);
    const from = 3 * (step + STEPS);
    const [red = 0, green = 0, blue = 0] = this.#bytes.subarray(from, from + 3);
    return [red, green, blue];
  }

  css(share: number): string {
    return `rgb(${this.at(share).join(" ")})`;
  }
}

/** Whether black or white words are read more easily on a colour. */
export function inkOn([red, green, blue]: [number, number, number]): "#000000" | "#ffffff" {
  const linear = [red, green, blue].map((byte) => linearOf(byte / 255));
  const light = 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
  // Contrast with either is the same here (WCAG 2).
  return light > 0.179 ? "#000000" : "#ffffff";
}

type Bytes = [number, number, number];

function bytesOf(hex: string): Bytes {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as Bytes;
}

/** Mixed as light is: half way between two colours it is neither muddy nor too dark. */
function along(stops: Bytes[], share: number): number[] {
  const place = share * (stops.length - 1);
  const low = Math.min(Math.floor(place), stops.length - 2);
  const t = place - low;
  const [a, b] = [stops[low] as Bytes, stops[low + 1] as Bytes];
  return a.map((channel, i) => encoded(linearOf(channel) * (1 - t) + linearOf(b[i] as number) * t));
}

function linearOf(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function encoded(linear: number): number {
  return linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
}
