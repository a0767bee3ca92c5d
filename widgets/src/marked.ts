import { element } from "./dom";

const MOST_MARKS = 500;
/** Longer words are none, and an expression of a megabyte is refused. */
const MOST_SOUGHT = 1000;

/** A text with the words that were searched for marked, whatever their case; strings stay text, never markup. */
export function marked(text: string, words: string): (Node | string)[] {
  const sought = pattern(words);
  if (!sought) return [text];
  const parts: (Node | string)[] = [];
  let from = 0;
  for (const { 0: hit, index } of text.matchAll(sought)) {
    if (parts.length >= 2 * MOST_MARKS) break;
    parts.push(text.slice(from, index), element("mark", { class: "es-mark" }, hit));
    from = index + hit.length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

/** As much of a text as a card has room for: its beginning, or from shortly before the words where they come late. */
export function excerpt(text: string, words: string, length = 320): string {
  const at = pattern(words)?.exec(text)?.index ?? 0;
  const from = at > length / 2 ? wordStart(text, at - 40) : 0;
  const piece = whole(text, from, from + length);
  return `${from > 0 ? "…" : ""}${piece}${from + length < text.length ? "…" : ""}`;
}

/** The beginning of a text, and an ellipsis where it goes on. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${whole(text, 0, length)}…` : text;
}

function pattern(words: string): RegExp | null {
  const sought = words.trim();
  if (sought.length > MOST_SOUGHT) return null;
  return sought === "" ? null : new RegExp(sought.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "giu");
}

/** A slice that does not tear a surrogate pair apart. */
function whole(text: string, from: number, to: number): string {
  return text.slice(from, to).replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");
}

function wordStart(text: string, at: number): number {
  const space = text.slice(at, at + 30).search(/\s/);
  return space < 0 ? at : at + space + 1;
}
