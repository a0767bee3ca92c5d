/** A card among the columns: which column, and which place in it. */
export type At = [column: number, place: number];

/** Where a key leads among two columns of rows; undefined: nowhere that this key knows. */
export function keyed(key: string, [column, place]: At, rows: [number[], number[]]): At | undefined {
  const own = rows[column] ?? [];
  const within: Record<string, number> = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    Home: 0,
    End: own.length - 1,
  };
  const next = within[key];
  if (next !== undefined) return [column, clamp(next, own.length)];
  if (key === "ArrowRight") return across(0, [column, place], rows);
  return key === "ArrowLeft" ? across(1, [column, place], rows) : undefined;
}

/** Along the line to the same item where there is one, else straight over. */
function across(from: number, [column, place]: At, rows: [number[], number[]]): At {
  const other = rows[1 - from] ?? [];
  if (column !== from || other.length === 0) return [column, place];
  const twin = other.indexOf(rows[column]?.[place] ?? -1);
  return [1 - from, twin >= 0 ? twin : clamp(place, other.length)];
}

function clamp(place: number, length: number): number {
  return Math.max(0, Math.min(length - 1, place));
}
