import { element } from "../../dom";
import { columnLabel, type Labelled, rowLabel } from "./labels";
import { cellWords, nameOf } from "./layers";
import type { Shown } from "./shown";

let made = 0;

/** The cell at hand: its outline, the lines to its names, and what a screen reader reads of the grid. */
export class Cursor {
  /** One row with one cell, the one at hand: so much of the grid exists. */
  readonly row = element("div", { role: "row" });
  #down = element("span", { class: "es-heat-cross", "aria-hidden": "true" });
  #across = element("span", { class: "es-heat-cross", "aria-hidden": "true" });
  #open = element("span", { class: "es-heat-open", "aria-hidden": "true", hidden: "" });
  #names = element("span", { class: "es-heat-here", "aria-hidden": "true" });

  constructor(private readonly grid: HTMLElement) {
    grid.append(this.#down, this.#across, this.#open, this.#names, this.row);
    this.rest();
  }

  move(shown: Shown, labelled: Labelled, [down, across]: [number, number]): void {
    const { grid, order } = labelled;
    const [row, column] = [order[down] ?? 0, order[across] ?? 0];
    const cell = element("div", { role: "gridcell", class: "es-heat-cell", id: `es-heat-cell-${++made}` });
    cell.dataset.row = String(row);
    cell.dataset.column = String(column);
    cell.setAttribute("aria-colindex", String(across + 1));
    cell.setAttribute("aria-label", spoken(shown, row, column));
    this.row.setAttribute("aria-rowindex", String(down + 1));
    place(cell, grid.left + across * grid.cellWidth, grid.top + down * grid.cellHeight, [
      grid.cellWidth,
      grid.cellHeight,
    ]);
    this.row.replaceChildren(cell);
    // A new element each time: the same one would not be read again.
    this.grid.setAttribute("aria-activedescendant", cell.id);
    const size = [grid.n * grid.cellWidth, grid.n * grid.cellHeight] as const;
    place(this.#across, grid.left, grid.top + down * grid.cellHeight, [size[0], grid.cellHeight]);
    place(this.#down, grid.left + across * grid.cellWidth, grid.top, [grid.cellWidth, size[1]]);
    this.#names.replaceChildren(rowLabel(labelled, down), columnLabel(labelled, across));
    this.#atHand(true);
  }

  /** Nobody looks at a cell: nothing is outlined, but the cell remains where the focus will find it. */
  rest(): void {
    this.#atHand(false);
  }

  get resting(): boolean {
    return this.#names.hidden !== false;
  }

  #atHand(shown: boolean): void {
    this.grid.classList.toggle("es-heat-pointed", shown);
    for (const part of [this.#across, this.#down, this.#names]) part.hidden = !shown;
  }

  /** Outline the cell whose anchors are listed. */
  outline(labelled: Labelled, at: [number, number] | null): void {
    this.#open.hidden = at === null;
    if (!at) return;
    const { grid } = labelled;
    const [down, across] = at;
    place(this.#open, grid.left + across * grid.cellWidth, grid.top + down * grid.cellHeight, [
      grid.cellWidth,
      grid.cellHeight,
    ]);
  }
}

function spoken({ heatmap, layer }: Shown, row: number, column: number): string {
  const names = `Anchors in ${nameOf(heatmap, row)}, items in ${nameOf(heatmap, column)}`;
  return `${names}: ${cellWords(heatmap, layer, row, column)}`;
}

/** Cells may be smaller than what outlines them. */
function place(
  part: HTMLElement,
  left: number,
  top: number,
  [width, height]: readonly [number, number],
): void {
  const grown = 1;
  part.style.left = `${left - grown}px`;
  part.style.top = `${top - grown}px`;
  part.style.width = `${width + 2 * grown + 1}px`;
  part.style.height = `${height + 2 * grown + 1}px`;
}
