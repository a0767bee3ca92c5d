import type { Color } from "../../state";

/** How many of the selected rows lie in each group; null where the colours are not of these groups. */
export function pickedOf(
  color: Color,
  by: string,
  names: readonly string[],
  selection: Uint32Array,
): number[] | null {
  if (color.kind !== "category" || color.column !== by || selection.length === 0) return null;
  const places = new Map(names.map((name, place) => [name, place]));
  const placeOfCode = color.names.map((name) => places.get(name) ?? -1);
  const counts = names.map(() => 0);
  for (const row of selection) {
    const place = placeOfCode[color.codes[row] ?? -1] ?? -1;
    if (place >= 0) counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}
