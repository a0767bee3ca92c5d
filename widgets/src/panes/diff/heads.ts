import { element } from "../../dom";
import { count } from "../../format";
import { cut } from "../../marked";
import type { Side } from "../../source/source";
import type { ScopeStore } from "../../state";

const MOST_NAME = 80;

export const SIDES: readonly Side[] = ["teacher", "student"];

/** What a side is called. */
export function nameOf(store: ScopeStore, side: Side): string {
  const name = store.get("comparison").names?.[SIDES.indexOf(side)];
  return cut(name || (side === "teacher" ? "Teacher" : "Student"), MOST_NAME);
}

/** Which of a side's dims count, in words. */
export function dimsWords(full: number, dims: number): string {
  if (full === 0) return "";
  return dims > 0 && dims < full
    ? `first ${count(dims)} of ${count(full)} dims`
    : `${count(full)} ${full === 1 ? "dim" : "dims"}`;
}

/** A column's head: the space's name, and what of it is looked at. */
export class ColumnHead {
  readonly host: HTMLElement;
  #name = element("bdi", { class: "es-diff-side-name" });
  #facts = element("span", { class: "es-diff-side-facts" });

  constructor(
    private readonly store: ScopeStore,
    private readonly side: Side,
  ) {
    this.host = element("div", { class: "es-diff-side", "data-side-head": side }, this.#name, this.#facts);
  }

  /** Name the side; `dims` are those that what stands below was ranked by. */
  fill(dims: [number, number]): void {
    const { metrics, dims: full } = this.store.get("comparison");
    const place = SIDES.indexOf(this.side);
    const name = nameOf(this.store, this.side);
    this.#name.textContent = name;
    this.host.title = name;
    const words = [dimsWords(full?.[place] ?? 0, dims[place] ?? 0), metrics?.[place] ?? ""];
    this.#facts.textContent = words.filter((part) => part !== "").join(" · ");
    this.#facts.classList.toggle("es-diff-fewer", (dims[place] ?? 0) > 0);
  }
}
