import type { CurveRow } from "../../model";

/** Where a chart's lines lie, in pixels. */
export interface Room {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Scale {
  range: [number, number];
  ticks: number[];
}

/** A scale from a round number below the values to their top, or to a round number shortly above it. */
export function scaleOf(rows: readonly CurveRow[], wanted: number): Scale {
  const values = rows.flat().filter((value): value is number => value !== null);
  if (values.length === 0) return { range: [0, 1], ticks: [0, 1] };
  const lowest = values.reduce((a, b) => Math.min(a, b));
  const highest = values.reduce((a, b) => Math.max(a, b));
  const air = highest > lowest ? 0 : Math.abs(highest) * 0.1 || 0.5;
  const [low, high] = [lowest - air, highest + air];
  const step = roundStep((high - low) / Math.max(1, wanted));
  const from = Math.floor(low / step + 1e-9) * step;
  const above = Math.ceil(high / step - 1e-9) * step;
  const to = above - high < NEAR * step ? above : high + HEADROOM * (high - from);
  const count = Math.floor((to - from) / step + 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, i) => tidy(from + i * step));
  return { range: [tidy(from), tidy(to)], ticks };
}

/** A tick so near above the values, in steps, is the end of the scale. */
const NEAR = 0.35;
const HEADROOM = 0.04;

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 2.5, 5].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10) * power;
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** A place on a line of so many pixels. */
export function placeAt(value: number, [low, high]: readonly [number, number], length: number): number {
  return high > low ? ((value - low) / (high - low)) * length : length / 2;
}

export interface Scales {
  x: readonly [number, number];
  y: readonly [number, number];
}

/** The points of a line; steps without a value are left out. */
export function pointsOf(
  steps: readonly number[],
  values: CurveRow,
  room: Room,
  { x, y }: Scales,
): [number, number][] {
  const points: [number, number][] = [];
  steps.forEach((step, i) => {
    const value = values[i];
    if (value === null || value === undefined) return;
    points.push([
      room.left + placeAt(step, x, room.width),
      room.top + room.height - placeAt(value, y, room.height),
    ]);
  });
  return points;
}

/** The path through points. */
export function pathOf(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${short(x)} ${short(y)}`).join("");
}

function short(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The place of the nearest of rising steps; -1: there is none. */
export function nearest(steps: readonly number[], step: number): number {
  let found = -1;
  steps.forEach((other, i) => {
    if (found < 0 || Math.abs(other - step) <= Math.abs((steps[found] as number) - step)) found = i;
  });
  return found;
}

/** Labels moved apart, each as little as may be, in the order they came. */
export function spread(wanted: readonly number[], apart: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => at(wanted, a) - at(wanted, b) || a - b);
  const groups: { members: number[]; middle: number }[] = [];
  for (const one of order) {
    let group = { members: [one], middle: at(wanted, one) };
    for (let last = groups.at(-1); last && touch(last, group, apart); last = groups.at(-1)) {
      groups.pop();
      const members = [...last.members, ...group.members];
      group = { members, middle: members.reduce((sum, i) => sum + at(wanted, i), 0) / members.length };
    }
    groups.push(group);
  }
  const places = [...wanted];
  for (const { members, middle } of groups) {
    const half = ((members.length - 1) * apart) / 2;
    const kept = Math.max(low + half, Math.min(high - half, middle));
    members.forEach((one, rank) => {
      places[one] = kept - half + rank * apart;
    });
  }
  return places;
}

function touch(
  above: { members: number[]; middle: number },
  below: { members: number[]; middle: number },
  apart: number,
): boolean {
  const room = ((above.members.length + below.members.length) * apart) / 2;
  return below.middle - above.middle < room;
}

function at(values: readonly number[], i: number): number {
  return values[i] as number;
}
