import type { ScopeStore } from "../../state";
import { arrange, type Place, type Sitter } from "./arrange";
import { project } from "./geometry";
import { type Box, boxAround } from "./labels";
import type { Plot } from "./plot";
import { hang, lot, type Spot } from "./spots";

const MOST = 220;
/** Of more rows in sight, chance takes about so many. */
const MOST_CONSIDERED = 6000;
const AIR = 6;
/** How much larger the picture of what is asked for is. */
const LARGER = 1.3;

/** Where pictures would hang. */
export interface Gallery {
  plot: Plot;
  store: ScopeStore;
  reserved: () => Box[];
}

/** Whose pictures hang, and where: the query's and its neighbours'; without a query the selection's; else chance takes some. */
export function choosePlaces(gallery: Gallery, hanging: Iterable<number>): Place[] {
  const { store } = gallery;
  const asking = store.get("query") !== null && store.get("findProblem") === "";
  return asking ? gathered(gallery) : scattered(gallery, hanging);
}

/** The item that is asked for, or -1. */
export function askedRow(store: ScopeStore): number {
  const query = store.get("query");
  return query?.kind === "item" && query.row < store.get("universe").n ? query.row : -1;
}

/** The room that the picture of what is asked for takes on its point. */
export function askedBox({ plot, store }: Gallery): Box | undefined {
  const row = askedRow(store);
  if (row < 0 || store.get("findProblem") !== "") return undefined;
  const { x, y } = spotOf({ plot, store }, row);
  const side = askedSide(plot) + AIR;
  return boxAround(x, y, { width: side, height: side });
}

function gathered(gallery: Gallery): Place[] {
  const { plot, store, reserved } = gallery;
  const { width, height } = plot.view;
  const n = store.get("universe").n;
  const asked = askedRow(store);
  const near = (store.get("found")?.rows ?? []).filter(
    (row) => row < n && row !== asked && plot.isShown(row),
  );
  const sit = (row: number, side: number): Sitter => ({ ...spotOf(gallery, row), side });
  const sitters = near.slice(0, MOST).map((row) => sit(row, sideOf(plot)));
  if (asked >= 0) sitters.unshift(sit(asked, askedSide(plot)));
  return arrange(sitters, asked >= 0, { width, height, reserved: reserved() });
}

/** What hangs already comes first, so that nothing changes places; then chance. */
function scattered(gallery: Gallery, hanging: Iterable<number>): Place[] {
  const { plot, store, reserved } = gallery;
  const { width, height } = plot.view;
  const side = sideOf(plot);
  const n = store.get("universe").n;
  const selection = store.get("selection");
  const wanted = (row: number): boolean => selection.length === 0 || holds(selection, row);
  const kept = [...hanging].filter((row) => row < n && plot.isShown(row) && wanted(row));
  const rows = new Set([...kept, ...drawLots(plot, wanted)]);
  const spots = [...rows].map((row) => spotOf(gallery, row));
  const wall = { width, height, pitch: side + AIR, most: MOST, reserved: reserved() };
  return hang(spots, wall).map(({ row }) => ({ row, dx: 0, dy: 0, side }));
}

function drawLots(plot: Plot, wanted: (row: number) => boolean): number[] {
  let count = 0;
  plot.inSight((row) => {
    if (wanted(row)) count++;
  });
  const limit = count > MOST_CONSIDERED ? (MOST_CONSIDERED / count) * 2 ** 32 : 2 ** 32;
  const rows: number[] = [];
  plot.inSight((row) => {
    if (lot(row) < limit && wanted(row)) rows.push(row);
  });
  return rows.sort((a, b) => lot(a) - lot(b));
}

/** Where an item's point lies on the map. */
export function spotOf({ plot, store }: Pick<Gallery, "plot" | "store">, row: number): Spot {
  const coords = store.get("coords");
  const [x, y] = project(plot.view, coords[2 * row] ?? 0, coords[2 * row + 1] ?? 0);
  return { row, x, y };
}

function sideOf({ zoom }: Plot): number {
  return Math.round(Math.min(40, 28 * Math.max(1, zoom) ** 0.2));
}

function askedSide(plot: Plot): number {
  return Math.round(LARGER * sideOf(plot));
}

/** Whether sorted rows hold a row. */
function holds(rows: Uint32Array, row: number): boolean {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as number) < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] === row;
}
