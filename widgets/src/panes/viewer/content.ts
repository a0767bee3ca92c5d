import { element } from "../../dom";
import { count } from "../../format";
import { cut, marked } from "../../marked";
import type { Pictures } from "../../pictures";
import type { Original } from "../../source/source";
import type { ScopeStore } from "../../state";
import { valueLine } from "../../value";

// A megabyte in one node takes the page seconds to lay out.
const MOST_TEXT = 200_000;
const MOST_TITLE = 300;
const MOST_VALUE = 2000;

/** The original, and beside it what it is called and its columns. */
export function contentOf(original: Original, store: ScopeStore, pictures: Pictures): Node[] {
  const aside = element("div", { class: "es-viewer-aside" }, ...heading(original, store));
  const columns = Object.entries(original.columns);
  if (columns.length > 0) aside.append(list(columns));
  const { image, text } = original;
  const shown: Node[] = [];
  if (image) shown.push(picture(image, original, pictures));
  if (text !== null) shown.push(...words(text, original.cut, store.get("words")));
  if (shown.length === 0) {
    shown.push(element("p", { class: "es-viewer-state" }, "There is no more of it than its columns."));
  }
  return [element("div", { class: "es-viewer-main" }, ...shown), aside];
}

function heading({ title, id, row }: Original, store: ScopeStore): Node[] {
  const named = title !== "" && title !== id;
  return [
    element("h3", { class: "es-viewer-title", dir: "auto" }, cut(title || id, MOST_TITLE)),
    ...(named ? [element("bdi", { class: "es-viewer-id" }, cut(id, MOST_TITLE))] : []),
    valueLine(store, row),
  ];
}

function picture(image: Blob, { title, id }: Original, pictures: Pictures): HTMLElement {
  const made = element("img", { alt: cut(title || id, MOST_TITLE) });
  pictures.show(made, image);
  return element("div", { class: "es-viewer-picture" }, made);
}

function words(text: string, goesOn: boolean, sought: string): HTMLElement[] {
  const shown = text.slice(0, MOST_TEXT);
  const body = element(
    "div",
    { class: "es-viewer-text", dir: "auto", tabindex: "0", role: "region", "aria-label": "The text" },
    ...marked(shown, sought),
  );
  const note = `The text goes on; its first ${count(shown.length)} characters are shown.`;
  const more = goesOn || shown.length < text.length;
  return more ? [body, element("p", { class: "es-hint" }, note)] : [body];
}

function list(columns: [string, string][]): HTMLElement {
  const made = element("dl", { class: "es-viewer-columns" });
  for (const [name, value] of columns) {
    made.append(
      element("dt", { dir: "auto" }, cut(name, MOST_TITLE)),
      element("dd", { dir: "auto" }, cut(value, MOST_VALUE)),
    );
  }
  return made;
}
