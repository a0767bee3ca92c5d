import { element } from "../../dom";
import { cut, excerpt, marked } from "../../marked";
import type { Payload } from "../../source/source";
import type { ScopeStore } from "../../state";
import { valueLine } from "../../value";

const MOST_TITLE = 160;
const MOST_WORDS = 220;
const MOST_ID = 60;

/** An item in a few lines: its title, its text, what its colour means; an id that is no title stands aside. */
export function linesOf(store: ScopeStore, { row, id, title, text }: Payload): HTMLElement {
  const words = store.get("words");
  const lines = element("span", { class: "es-near-lines" });
  const named = text === null || (title !== "" && title !== id);
  if (named) lines.append(bidi("es-near-title", marked(cut(title || id, MOST_TITLE), words)));
  if (text !== null) {
    const piece = marked(excerpt(text, words, MOST_WORDS), words);
    lines.append(element("span", { class: "es-near-text", dir: "auto" }, ...piece));
  }
  const value = valueLine(store, row);
  if (!named) value.append(bidi("es-near-id", marked(cut(id, MOST_ID), words)));
  lines.append(value);
  return lines;
}

function bidi(kind: string, content: (Node | string)[]): HTMLElement {
  return element("bdi", { class: kind }, ...content);
}
