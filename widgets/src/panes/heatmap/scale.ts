/** From nats to a share of the colours: symmetric about 0, by the square root, so that small cells show beside large ones. */
export interface Scale {
  /** Nats at which the colours end. */
  limit: number;
  /** Some cells lie beyond, on either side. */
  beyond: { under: boolean; over: boolean };
  /** Some cells are under 0. */
  negative: boolean;
}

/** One cell in fifty may lie beyond the colours. */
const COVERED = 0.98;

export function scaleOf(values: Float32Array): Scale {
  const sizes = values.filter(Number.isFinite).map(Math.abs).sort();
  const limit = sizes[Math.max(0, Math.ceil(COVERED * sizes.length) - 1)] || sizes.at(-1) || 0;
  return {
    limit,
    beyond: { under: values.some((value) => value < -limit), over: values.some((value) => value > limit) },
    negative: values.some((value) => value < 0),
  };
}

/** Where a value lies among the colours, -1 to 1. */
export function shareOf(value: number, { limit }: Scale): number {
  if (limit <= 0) return 0;
  return Math.sign(value) * Math.min(1, Math.sqrt(Math.abs(value) / limit));
}

/** The values that the legend names, with their places from -1 to 1. */
export function ticksOf(scale: Scale): { place: number; value: number }[] {
  if (scale.limit <= 0) return [{ place: 0, value: 0 }];
  return [-1, -0.5, 0, 0.5, 1].map((place) => ({
    place,
    value: Math.sign(place) * place * place * scale.limit,
  }));
}
