/** A label to place: where it points, how much room it takes. Order says importance, the first first. */
export interface Wanted {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The centre of a placed label, or undefined where there was no room. */
export type Placed = { x: number; y: number } | undefined;

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const GAP_X = 8;
const GAP_Y = 4;

/** Where labels may lie: the map, without what lies over it. */
export interface Room {
  width: number;
  height: number;
  reserved?: Box[];
}

/**
 * Place labels one after another where they fit: on their point, else just above, below, right or left of it. A label that
 * would touch an earlier one or leave the map stays away, so that zooming in brings finer ones. Costs labels squared.
 */
export function placeLabels(wanted: readonly Wanted[], room: Room, most = 40): Placed[] {
  const taken = [...(room.reserved ?? [])];
  const full = taken.length + most;
  return wanted.map((label) => {
    if (taken.length >= full) return undefined;
    for (const [x, y] of candidates(label)) {
      const box = boxAround(x, y, label);
      if (inside(box, room) && taken.every((other) => apart(box, other))) {
        taken.push(box);
        return { x, y };
      }
    }
    return undefined;
  });
}

function candidates({ x, y, width, height }: Wanted): [number, number][] {
  const down = height * 0.8;
  const right = width * 0.55;
  return [
    [x, y],
    [x, y - down],
    [x, y + down],
    [x + right, y],
    [x - right, y],
  ];
}

export function boxAround(x: number, y: number, { width, height }: Pick<Wanted, "width" | "height">): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

function inside(box: Box, { width, height }: Room): boolean {
  return box.left >= 2 && box.top >= 2 && box.right <= width - 2 && box.bottom <= height - 2;
}

function apart(a: Box, b: Box): boolean {
  return (
    a.right + GAP_X <= b.left ||
    b.right + GAP_X <= a.left ||
    a.bottom + GAP_Y <= b.top ||
    b.bottom + GAP_Y <= a.top
  );
}

/** A name on at most two lines of about equal length; what is too long ends in an ellipsis. */
export function wrapName(name: string, width = 22): string[] {
  // No name of a cluster is longer, and a megabyte would be measured letter by letter.
  const clean = name.slice(0, 500).replace(/\s+/g, " ").trim();
  const chars = [...clean];
  if (chars.length <= width) return [clean];
  const cut = breakNear(clean, Math.min(Math.ceil(chars.length / 2), width), width);
  const lines = [clean.slice(0, cut).trimEnd(), clean.slice(cut).trimStart()];
  return lines.filter((line) => line !== "").map((line) => shorten(line, width));
}

/** Where to break: behind the space nearest to the wanted place, within the width; without one, at the place itself. */
function breakNear(text: string, place: number, width: number): number {
  let best = -1;
  for (let i = text.indexOf(" "); i >= 0 && i <= width; i = text.indexOf(" ", i + 1)) {
    if (best < 0 || Math.abs(i - place) <= Math.abs(best - place)) best = i;
  }
  return best > 0 ? best + 1 : Math.min(place, text.length);
}

function shorten(line: string, width: number): string {
  const chars = [...line];
  return chars.length <= width
    ? line
    : `${chars
        .slice(0, width - 1)
        .join("")
        .trimEnd()}…`;
}
