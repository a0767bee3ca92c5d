import { element } from "../../dom";
import { count, measure } from "../../format";
import { cut } from "../../marked";
import type { Composition, Share } from "../../source/source";
import { dot } from "../../value";

const CLEAR_Q = 0.05;
const FARTHEST = 2;
const MOST_NAME = 80;

/** Where a share came from, in numbers that its tooltip explains. */
export interface Sizes {
  selected: number;
  all: number;
}

/** How many times as often as expected. */
export function times(ratio: number): string {
  if (ratio === 0) return "×0";
  return `×${ratio >= 10 ? count(Math.round(ratio)) : ratio < 0.01 ? measure(ratio) : ratio.toPrecision(2)}`;
}

/** Where a bar ends, from -1 (four times rarer than expected, or more) to 1 (four times as often). */
export function barEnd(ratio: number): number {
  if (ratio <= 0) return -1;
  return Math.max(-1, Math.min(1, Math.log2(ratio) / FARTHEST));
}

/** What is tested, and what came out. */
export function explained(
  share: Share,
  { title, shares, more }: Composition,
  { selected, all }: Sizes,
): string {
  const categories = count(shares.length + more);
  return [
    `${cut(share.name, MOST_NAME) || "(empty)"}: ${count(share.count)} of ${count(selected)} selected,`,
    `${count(share.total)} of ${count(all)} in all (${times(share.ratio)}).`,
    `Exact hypergeometric test, two-sided, corrected for the ${categories} categories of ${cut(title, MOST_NAME)}`,
    `(Benjamini–Hochberg): q = ${measure(share.q_value)}.`,
  ].join(" ");
}

/** One category: its name, its bar against expectation, how many times as often, and how many. */
export function shareButton(
  share: Share,
  column: Composition,
  sizes: Sizes,
  color: string | null,
): HTMLButtonElement {
  const bar = element("span", { class: "es-share-bar", "aria-hidden": "true" }, element("span", {}));
  const end = barEnd(share.ratio);
  const fill = bar.firstElementChild as HTMLElement;
  fill.style.width = `${50 * Math.abs(end)}%`;
  fill.style[end < 0 ? "right" : "left"] = "50%";
  const words = explained(share, column, sizes);
  const button = element(
    "button",
    { type: "button", class: "es-share", title: words, "aria-pressed": "false" },
    ...(color === null ? [] : [dot(color)]),
    element("bdi", { class: "es-share-name" }, cut(share.name, MOST_NAME) || "(empty)"),
    bar,
    element("span", { class: "es-share-times" }, times(share.ratio)),
    element("span", { class: "es-count" }, count(share.count)),
  );
  button.classList.toggle("es-clear-cut", share.q_value < CLEAR_Q);
  button.classList.toggle("es-under", share.ratio < 1);
  return button;
}
