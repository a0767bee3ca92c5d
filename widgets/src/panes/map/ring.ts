import { element } from "../../dom";
import type { ScopeStore } from "../../state";
import { project, type View } from "./geometry";

/** The ring around the item at hand, wherever it was pointed at. */
export class Ring {
  readonly host = element("div", { class: "es-ring", hidden: "" });

  constructor(private readonly store: ScopeStore) {}

  /** Follow the item and the camera. */
  follow(view: View): void {
    const row = this.store.get("hover");
    this.host.hidden = row < 0;
    if (row < 0) return;
    const [x, y] = placeOf(this.store, row, view);
    this.host.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
  }
}

/** Where an item lies on the map, in CSS pixels. */
export function placeOf(store: ScopeStore, row: number, view: View): [number, number] {
  const coords = store.get("coords");
  return project(view, coords[2 * row] ?? 0, coords[2 * row + 1] ?? 0);
}
