import type { Box } from "./labels";

/** Where a picture would lie: the middle of it, in CSS pixels. */
export interface Spot {
  row: number;
  x: number;
  y: number;
}

export interface Wall {
  width: number;
  height: number;
  /** A picture's side, with the air around it. */
  pitch: number;
  most: number;
  reserved: readonly Box[];
}

/** The first of the spots, and of the others all that are clear of those before them and lie on the map. */
export function hang(spots: Iterable<Spot>, { width, height, pitch, most, reserved }: Wall): Spot[] {
  const columns = Math.ceil(width / pitch) + 2;
  const cells = new Map<number, Spot[]>();
  const hung: Spot[] = [];
  for (const spot of spots) {
    if (hung.length >= most) break;
    const { x, y } = spot;
    const half = pitch / 2;
    const inside = x >= half && y >= half && x <= width - half && y <= height - half;
    if (!inside || reserved.some((box) => covers(box, spot, half))) continue;
    const cell = Math.floor(x / pitch) + 1 + columns * (Math.floor(y / pitch) + 1);
    if (around(cell, columns).some((key) => cells.get(key)?.some((other) => touch(other, spot, pitch))))
      continue;
    cells.set(cell, [...(cells.get(cell) ?? []), spot]);
    hung.push(spot);
  }
  return hung;
}

/** A number of a row that has nothing to do with its neighbours': who comes first, whatever is in sight. */
export function lot(row: number): number {
  let mixed = Math.imul(row + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function around(cell: number, columns: number): number[] {
  return [-columns, 0, columns].flatMap((line) => [cell + line - 1, cell + line, cell + line + 1]);
}

function touch(a: Spot, b: Spot, pitch: number): boolean {
  return Math.abs(a.x - b.x) < pitch && Math.abs(a.y - b.y) < pitch;
}

function covers(box: Box, { x, y }: Spot, half: number): boolean {
  return x + half > box.left && x - half < box.right && y + half > box.top && y - half < box.bottom;
}
