import { element } from "../../dom";
import { cut, excerpt, marked } from "../../marked";
import type { Pictures } from "../../pictures";
import type { Payload } from "../../source/source";
import type { ScopeStore } from "../../state";
import { valueLine } from "../../value";

const MOST_TITLE = 120;
const MOST_TEXT = 140;

/** An item in the least room: its picture or the beginning of its words, and what its colour means. */
export function briefOf(store: ScopeStore, payload: Payload, pictures: Pictures): HTMLElement {
  const { row, id, title, text, thumbnail } = payload;
  const words = store.get("words");
  const named = text === null || (title !== "" && title !== id);
  const said = named ? cut(title || id, MOST_TITLE) : excerpt(text ?? "", words, MOST_TEXT);
  const line = element("span", { class: "es-heat-said", dir: "auto" }, ...marked(said, words));
  const lines = element("span", { class: "es-heat-lines" }, line, valueLine(store, row));
  if (!thumbnail) return element("span", { class: "es-heat-brief" }, lines);
  const image = element("img", { alt: "" });
  pictures.show(image, thumbnail);
  return element(
    "span",
    { class: "es-heat-brief" },
    element("span", { class: "es-heat-thumb" }, image),
    lines,
  );
}

/** As high as what will come. */
export function blankBrief(store: ScopeStore, row: number): HTMLElement {
  const line = element("span", { class: "es-heat-said" }, "\u00a0");
  const lines = element("span", { class: "es-heat-lines" }, line, valueLine(store, row));
  const brief = element("span", { class: "es-heat-brief" }, lines);
  if (store.get("universe").modality === "image") brief.prepend(element("span", { class: "es-heat-thumb" }));
  return brief;
}
