import { rampAt, swatch } from "./colors";
import { element } from "./dom";
import { measure } from "./format";
import { cut } from "./marked";
import type { ScopeStore } from "./state";

const MOST_NAME = 80;

/** What the colours say of a row. */
export interface Value {
  /** The category's code, or -1 where the colours show none. */
  code: number;
  color: string;
  words: string;
}

export function colorValue(store: ScopeStore, row: number): Value | null {
  const color = store.get("color");
  if (color.kind === "category") {
    const code = color.codes[row] ?? -1;
    const name = color.names[code] ?? "";
    const shown = swatch(color.colors[code] ?? "#888888", store.get("dark"));
    return { code, color: shown, words: name === "" ? "(empty)" : cut(name, MOST_NAME) };
  }
  if (color.kind !== "number") return null;
  const value = color.values[row] ?? Number.NaN;
  const [low, high] = color.range;
  const share = high > low ? Math.max(0, Math.min(1, (value - low) / (high - low))) : 0.5;
  const [r, g, b] = rampAt(color.ramp, Number.isNaN(share) ? 0.5 : share);
  const shown = Number.isNaN(value) ? swatch("#888888", store.get("dark")) : css(r, g, b);
  return { code: -1, color: shown, words: `${cut(color.title, MOST_NAME)} ${measure(value)}` };
}

/** A dot in a colour; words beside it say what it means. */
export function dot(color: string): HTMLElement {
  const made = element("span", { class: "es-swatch", "aria-hidden": "true" });
  made.style.background = color;
  return made;
}

/** A row's dot and what it means; nothing where the colours show nothing. */
export function valueLine(store: ScopeStore, row: number): HTMLElement {
  const line = element("span", { class: "es-value" });
  const value = colorValue(store, row);
  if (value) line.append(dot(value.color), element("bdi", { class: "es-value-name" }, value.words));
  return line;
}

function css(...channels: number[]): string {
  return `rgb(${channels.map((channel) => Math.round(255 * channel)).join(" ")})`;
}
