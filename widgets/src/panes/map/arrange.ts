import { type Box, boxAround, type Room } from "./labels";

/** A picture that wants a place: its point in CSS pixels, and the picture's side. */
export interface Sitter {
  row: number;
  x: number;
  y: number;
  side: number;
}

/** Where a picture hangs: how far from its point its middle is. */
export interface Place {
  row: number;
  dx: number;
  dy: number;
  side: number;
}

type Offset = [dx: number, dy: number];

const AIR = 4;
/** Half the room that a ring around a point needs. */
const RING = 7;
const RADII = [0.85, 1.3, 1.8, 2.4];
const DIRECTIONS = 16;

/**
 * Hang pictures on their points or beside them, the first first: none over another, over what is reserved, or over another's
 * point, so that its ring can be seen; one that finds no such place stays away. Only the first may hide points, if it
 * leads the others. Costs their number squared.
 */
export function arrange(sitters: readonly Sitter[], leads: boolean, room: Room): Place[] {
  const taken = [...(room.reserved ?? [])];
  const center = leads ? sitters[0] : middleOf(sitters);
  const places: Place[] = [];
  for (const [i, sitter] of sitters.entries()) {
    if (!isOn(sitter, room)) continue;
    const seen =
      leads && i === 0 ? [] : sitters.filter((other) => other !== sitter && !isUnder(other, taken));
    const isFree = (box: Box): boolean =>
      isInside(box, room) &&
      !taken.some((other) => overlap(box, other)) &&
      !seen.some((point) => overlap(box, squareAround(point.x, point.y, 2 * RING)));
    const boxOf = ([dx, dy]: Offset): Box => squareAround(sitter.x + dx, sitter.y + dy, sitter.side + AIR);
    const offset = offsets(sitter, center ?? sitter).find((one) => isFree(boxOf(one)));
    if (!offset) continue;
    taken.push(boxOf(offset));
    places.push({ row: sitter.row, dx: offset[0], dy: offset[1], side: sitter.side });
  }
  return places;
}

/** On the point; else around it, nearer places first, and of those the ones that face away from the centre. */
function offsets({ x, y, side }: Sitter, center: { x: number; y: number }): Offset[] {
  const away =
    Math.hypot(x - center.x, y - center.y) > 1 ? Math.atan2(y - center.y, x - center.x) : -Math.PI / 2;
  const around = RADII.flatMap((radius) =>
    Array.from({ length: DIRECTIONS }, (_, i): Offset => {
      const turn = Math.ceil(i / 2) * (i % 2 === 0 ? 1 : -1);
      const angle = away + (turn * 2 * Math.PI) / DIRECTIONS;
      return [radius * side * Math.cos(angle), radius * side * Math.sin(angle)];
    }),
  );
  return [[0, 0], ...around];
}

function middleOf(sitters: readonly Sitter[]): { x: number; y: number } {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { x: mean(sitters.map(({ x }) => x)), y: mean(sitters.map(({ y }) => y)) };
}

function squareAround(x: number, y: number, side: number): Box {
  return boxAround(x, y, { width: side, height: side });
}

function isUnder({ x, y }: Sitter, boxes: readonly Box[]): boolean {
  return boxes.some(({ left, top, right, bottom }) => x > left && x < right && y > top && y < bottom);
}

function isOn({ x, y }: Sitter, { width, height }: Room): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

function isInside({ left, top, right, bottom }: Box, { width, height }: Room): boolean {
  return left >= 0 && top >= 0 && right <= width && bottom <= height;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
