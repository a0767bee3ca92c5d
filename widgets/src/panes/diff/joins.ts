import type { Change } from "../../source/source";

/** A line of the gutter: from an item's card on one side to its card on the other, or a stub where it has none there. */
export interface Join {
  row: number;
  change: Change;
  path: string;
}

/** A card's middle, measured from the top of both columns. */
export interface Spot {
  row: number;
  change: Change;
  y: number;
}

const STUB = 0.3;

/** The lines between two columns that stand `width` pixels apart. */
export function joinsOf(left: readonly Spot[], right: readonly Spot[], width: number): Join[] {
  const there = new Map(right.map(({ row, y }) => [row, y]));
  const here = new Set(left.map(({ row }) => row));
  const from = left.map(({ row, change, y }) => {
    const to = there.get(row);
    return { row, change, path: to === undefined ? stub(0, STUB * width, y) : curve(y, to, width) };
  });
  const alone = right.filter(({ row }) => !here.has(row));
  return [
    ...from,
    ...alone.map(({ row, change, y }) => ({ row, change, path: stub(width, (1 - STUB) * width, y) })),
  ];
}

function curve(from: number, to: number, width: number): string {
  const middle = width / 2;
  return `M0 ${from}C${middle} ${from} ${middle} ${to} ${width} ${to}`;
}

function stub(from: number, to: number, y: number): string {
  return `M${from} ${y}H${to}`;
}
