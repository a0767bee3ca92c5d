import { count } from "../../format";
import type { ScopeStore } from "../../state";

/** So many trails at most; of whatever is shown without being asked for, fewer. */
const MOST = 500;
const MOST_OF_ALL = 200;

/** Whose ways from one map to the other are shown. */
export interface Trails {
  rows: Uint32Array;
  /** In words. */
  of: string;
  /** Somebody chose these items: their trails show while the map morphs, too. */
  chosen: boolean;
}

/** The selection's trails, else the neighbours' at hand, else those of the items that move most. */
export function trailsOf(store: ScopeStore): Trails {
  const selection = store.get("selection");
  if (selection.length > 0) return chosen(store, selection, "selected items");
  const near = atHand(store);
  if (near.length > 0) return chosen(store, near, "items at hand");
  const rows = most(store, shown(store), MOST_OF_ALL);
  return { rows, of: `the ${count(rows.length)} items that move most`, chosen: false };
}

function chosen(store: ScopeStore, all: Uint32Array, what: string): Trails {
  const rows = most(store, all, MOST);
  const fewer = `the ${count(rows.length)} of ${count(all.length)} ${what} that move most`;
  const every = all.length === 1 ? `the ${what.replace("items", "item")}` : `${count(all.length)} ${what}`;
  return { rows, of: rows.length < all.length ? fewer : every, chosen: true };
}

/** What is asked for and its neighbours. */
function atHand(store: ScopeStore): Uint32Array {
  const query = store.get("query");
  const found = store.get("found");
  if (!query || !found) return new Uint32Array(0);
  const n = store.get("universe").n;
  const rows = query.kind === "item" ? [query.row, ...found.rows] : found.rows;
  return Uint32Array.from(rows.filter((row) => row < n));
}

/** Everything, or what its colours isolate. */
function shown(store: ScopeStore): Uint32Array {
  const all = Uint32Array.from({ length: store.get("coords").length / 2 }, (_, row) => row);
  const color = store.get("color");
  const isolated = store.get("isolated");
  if (color.kind !== "category" || isolated.size === 0) return all;
  return all.filter((row) => isolated.has(color.codes[row] ?? -1));
}

function most(store: ScopeStore, rows: Uint32Array, limit: number): Uint32Array {
  return mostMoved(store.get("coords"), store.get("coordsB"), rows, limit);
}

/** Of some rows those whose places in two maps are farthest apart, farthest first; rows without a place are left out. */
export function mostMoved(
  from: Float32Array,
  to: Float32Array,
  rows: Uint32Array,
  most: number,
): Uint32Array {
  const lengths = Float32Array.from(rows, (row) => wayOf(from, to, row));
  const sorted = lengths.filter((length) => length >= 0).sort();
  const least = sorted[Math.max(0, sorted.length - most)] ?? 0;
  const places = [...rows.keys()].filter((i) => (lengths[i] as number) >= least);
  // Of equally far ones the first, so that what is shown does not depend on chance.
  places.sort((i, j) => (lengths[j] as number) - (lengths[i] as number) || i - j);
  return Uint32Array.from(places.slice(0, most), (i) => rows[i] as number);
}

/** How far a row is from its place in the other map; -1 where it has none. */
function wayOf(from: Float32Array, to: Float32Array, row: number): number {
  const dx = (to[2 * row] ?? Number.NaN) - (from[2 * row] ?? Number.NaN);
  const dy = (to[2 * row + 1] ?? Number.NaN) - (from[2 * row + 1] ?? Number.NaN);
  const length = Math.hypot(dx, dy);
  return Number.isFinite(length) ? length : -1;
}
