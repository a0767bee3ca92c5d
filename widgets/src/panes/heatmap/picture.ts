import { element } from "../../dom";
import { cut } from "../../marked";
import type { ScopeStore } from "../../state";
import { Cursor } from "./cursor";
import { cellAt, gridOf, movedBy } from "./geometry";
import { type Labelled, labelsOf, roomFor } from "./labels";
import { nameOf } from "./layers";
import { Legend } from "./legend";
import { inksOf, paint } from "./paint";
import { pickedOf } from "./picked";
import { Readout } from "./readout";
import { scaleOf } from "./scale";
import { orderedValues, type Shown } from "./shown";

const MOST_TITLE = 60;
const AXES = 18;
const MEANS = { width: 80, bar: 28, gap: 8 };

/** Groups × groups: colours on a canvas, names around it, and a cursor that pointer and keys move. */
export class Picture {
  readonly host = element("div", { class: "es-heat-picture" });
  readonly grid = element("div", { class: "es-heat-grid", role: "grid", tabindex: "0" });
  #canvas = element("canvas", { class: "es-heat-canvas", "aria-hidden": "true" });
  #labels = element("div", { class: "es-heat-labels", "aria-hidden": "true" });
  #cursor = new Cursor(this.grid);
  #legend = new Legend();
  #readout = new Readout();
  #shown: Shown | null = null;
  #labelled: Labelled | null = null;
  /** Where the cursor is, down and across; it stays where it was when the focus comes back. */
  #at: [number, number] = [0, 0];

  constructor(
    private readonly store: ScopeStore,
    private readonly root: HTMLElement,
    private readonly open: (row: number, column: number) => void,
    signal: AbortSignal,
  ) {
    this.grid.prepend(this.#canvas, this.#labels);
    const foot = element("div", { class: "es-heat-foot" }, this.#readout.host, this.#legend.host);
    this.host.append(this.grid, foot);
    const sizes = new ResizeObserver(() => this.draw());
    sizes.observe(this.grid);
    signal.addEventListener("abort", () => sizes.disconnect(), { once: true });
    root.addEventListener("es-theme", () => this.draw(), { signal });
    for (const key of ["selection", "color"] as const) store.on(key, () => this.#relabel(), signal);
    store.on("cell", () => this.#outline(), signal);
    this.#listen(signal);
  }

  show(shown: Shown): void {
    this.#shown = shown;
    const { heatmap, order } = shown;
    this.#at = this.#placeOfCell() ?? [
      Math.min(this.#at[0], order.length - 1),
      Math.min(this.#at[1], order.length - 1),
    ];
    this.grid.setAttribute(
      "aria-label",
      `Divergence by ${cut(heatmap.title, MOST_TITLE)}: a row for each group of anchors, a column for each group of items`,
    );
    this.grid.setAttribute("aria-rowcount", String(order.length));
    this.grid.setAttribute("aria-colcount", String(order.length));
    this.draw();
  }

  /** Paint anew: other values, another size, another theme. */
  draw(): void {
    const { clientWidth: width, clientHeight: height } = this.grid;
    const shown = this.#shown;
    if (!shown || width === 0 || height === 0) return;
    const names = shown.order.map((place) => nameOf(shown.heatmap, place));
    const { turned, ...room } = roomFor(names, getComputedStyle(this.root).fontFamily, width);
    const grid = gridOf(names.length, { width, height, top: AXES, right: MEANS.width, ...room });
    const bars = { left: grid.left + grid.n * grid.cellWidth + MEANS.gap, length: MEANS.bar };
    const right = bars.left + MEANS.width - MEANS.gap;
    this.#labelled = { ...shown, grid, turned, right, picked: null };
    this.#describe();
    const values = orderedValues(shown);
    const means = shown.order.map((place) => shown.heatmap.means[place] ?? Number.NaN);
    const scale = scaleOf(values);
    const inks = inksOf(this.root, this.store.get("dark"));
    paint(this.#canvas, [width, height], { grid, values, scale, means, bars }, inks);
    this.#legend.show(scale, inks.ramp);
    this.#relabel();
    this.#outline();
    const pointed = this.grid.matches(":focus-visible");
    this.#move(this.#at);
    if (!pointed) this.#leave();
  }

  /** What a program that clicks on cells needs to know. */
  #describe(): void {
    if (!this.#labelled) return;
    const { grid, order } = this.#labelled;
    const facts = {
      left: grid.left,
      top: grid.top,
      cellWidth: grid.cellWidth,
      cellHeight: grid.cellHeight,
      cellSize: `${grid.cellWidth} ${grid.cellHeight}`,
      order: order.join(" "),
    };
    for (const [name, fact] of Object.entries(facts)) this.grid.dataset[name] = String(fact);
  }

  #relabel(): void {
    const { heatmap } = this.#shown ?? {};
    if (!this.#labelled || !heatmap) return;
    const [color, selection] = [this.store.get("color"), this.store.get("selection")];
    this.#labelled.picked = pickedOf(color, heatmap.by, heatmap.names, selection);
    this.#labels.replaceChildren(...axesOf(this.#labelled), ...labelsOf(this.#labelled));
  }

  #outline(): void {
    if (this.#labelled) this.#cursor.outline(this.#labelled, this.#placeOfCell());
  }

  #placeOfCell(): [number, number] | null {
    const cell = this.store.get("cell");
    if (!cell || !this.#shown || cell.by !== this.#shown.heatmap.by) return null;
    const { order } = this.#shown;
    const [down, across] = [order.indexOf(cell.row), order.indexOf(cell.column)];
    return down < 0 || across < 0 ? null : [down, across];
  }

  #listen(signal: AbortSignal): void {
    const { grid } = this;
    grid.addEventListener("pointermove", (event) => this.#point(event), { signal });
    grid.addEventListener("pointerleave", () => this.#leave(), { signal });
    grid.addEventListener("click", (event) => this.#click(event), { signal });
    grid.addEventListener("focus", () => grid.matches(":focus-visible") && this.#move(this.#at), { signal });
    grid.addEventListener("blur", () => this.#leave(), { signal });
    grid.addEventListener("keydown", (event) => this.#press(event), { signal });
  }

  #under(event: MouseEvent): [number, number] | null {
    const box = this.grid.getBoundingClientRect();
    const grid = this.#labelled?.grid;
    return grid ? cellAt(grid, event.clientX - box.left, event.clientY - box.top) : null;
  }

  #point(event: PointerEvent): void {
    const at = this.#under(event);
    if (!at) this.#leave();
    else if (at[0] !== this.#at[0] || at[1] !== this.#at[1] || this.#cursor.resting) this.#move(at);
  }

  #click(event: MouseEvent): void {
    const at = this.#under(event);
    if (!at) return;
    this.#move(at);
    this.#enter();
  }

  #move(at: [number, number]): void {
    if (!this.#shown || !this.#labelled) return;
    this.#at = at;
    const { order } = this.#shown;
    this.#cursor.move(this.#shown, this.#labelled, at);
    this.#readout.show(this.#shown, order[at[0]] ?? 0, order[at[1]] ?? 0);
  }

  #leave(): void {
    this.#cursor.rest();
    if (this.#shown) this.#readout.rest(this.#shown);
  }

  #enter(): void {
    const order = this.#shown?.order ?? [];
    const [row, column] = [order[this.#at[0]], order[this.#at[1]]];
    if (row !== undefined && column !== undefined) this.open(row, column);
  }

  #press(event: KeyboardEvent): void {
    if (!this.#shown || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = movedBy(event.key, this.#at, this.#shown.order.length);
    if (to) this.#move(to);
    else if (event.key === "Enter" || event.key === " ") this.#enter();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** What rows and columns are, in words. */
function axesOf({ grid, right }: Labelled): HTMLElement[] {
  const row = element("span", { class: "es-heat-axis es-heat-axis-row" }, "Anchors in");
  row.style.width = `${grid.left - 8}px`;
  const column = element("span", { class: "es-heat-axis" }, "Items around them, in");
  column.style.left = `${grid.left}px`;
  column.style.maxWidth = `${Math.max(60, grid.n * grid.cellWidth)}px`;
  const mean = element("span", { class: "es-heat-axis" }, "Mean KL");
  mean.style.left = `${right - MEANS.width + 2 * MEANS.gap}px`;
  return [row, column, mean];
}
