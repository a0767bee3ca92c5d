/** Part of a way: from a share to another, in so many milliseconds. */
export interface Leg {
  from: number;
  to: number;
  ms: number;
}

const WHOLE_MS = 1800;
const GLANCE_MS = 500;

/** From where it stands to the far end, a glance there, and back; without motion at once, and a longer glance. */
export function thereAndBack(from: number, still: boolean): Leg[] {
  const far = from < 1 ? 1 : 0;
  const glance = { from: far, to: far, ms: still ? WHOLE_MS : GLANCE_MS };
  return [...oneWay(from, far, still), glance, ...oneWay(far, from, still)];
}

export function oneWay(from: number, to: number, still: boolean): Leg[] {
  return [{ from, to, ms: still ? 0 : WHOLE_MS * Math.sqrt(Math.abs(to - from)) }];
}

/** The share after so many milliseconds; undefined once the way is over. */
export function shareAt(legs: readonly Leg[], ms: number): number | undefined {
  let left = ms;
  for (const leg of legs) {
    if (left < leg.ms) return leg.from + (leg.to - leg.from) * eased(left / leg.ms);
    left -= leg.ms;
  }
  return undefined;
}

function eased(share: number): number {
  return share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
}
