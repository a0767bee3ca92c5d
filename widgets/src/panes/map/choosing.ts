import { type ScopeStore, type SelectMode, select } from "../../state";
import { ask } from "../../walk";
import type { Held } from "./scatter";

/** Whether the neighbours of what is clicked are shown beside the map. */
export function walks(store: ScopeStore): boolean {
  return store.get("panes").some((pane) => pane === "neighbors" || pane === "diff");
}

/** Select what a lasso or a box caught; modifiers go before the mode, and the mode counts where its control is shown. */
export function take(store: ScopeStore, rows: Uint32Array, held: Held, mode: SelectMode): void {
  select(store, combined(store.get("selection"), rows, modeOf(held) ?? mode));
}

/** A click on a row asks for its neighbours where they are shown, and selects it elsewhere. */
export function click(store: ScopeStore, row: number, held: Held): void {
  if (row < 0) return;
  const mode = modeOf(held);
  if (mode === undefined && walks(store)) ask(store, { kind: "item", row });
  else select(store, combined(store.get("selection"), Uint32Array.of(row), mode ?? "replace"));
}

function modeOf({ add, subtract }: Held): SelectMode | undefined {
  if (subtract) return "subtract";
  return add ? "add" : undefined;
}

/** What is selected after sorted rows are put in its place, added or taken out. */
export function combined(now: Uint32Array, rows: Uint32Array, mode: SelectMode): Uint32Array {
  if (mode === "replace") return rows;
  if (mode === "subtract") return without(now, rows);
  const both = new Uint32Array(now.length + rows.length);
  both.set(now);
  both.set(rows, now.length);
  return both;
}

function without(now: Uint32Array, rows: Uint32Array): Uint32Array {
  let i = 0;
  return now.filter((row) => {
    while (i < rows.length && (rows[i] as number) < row) i++;
    return rows[i] !== row;
  });
}
