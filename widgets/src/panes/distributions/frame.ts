/** Where a panel's parts lie, in pixels. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  top: number;
  /** Of the bins, all together. */
  plot: number;
  /** From the top of the bins to the ground. */
  room: number;
  /** With the axis of distances below. */
  axis: boolean;
}

const LEFT = 40;
const RIGHT = 10;
const TOP = 7;
const MEANS = 9;
const AXIS = 36;

/** A panel of histograms, with the axis of distances or without. */
export function frameOf(width: number, height: number, axis: boolean): Frame {
  const room = Math.max(24, height - TOP - (axis ? AXIS : MEANS));
  return { width, height, left: LEFT, top: TOP, plot: Math.max(40, width - LEFT - RIGHT), room, axis };
}

/** The square of a joint histogram. */
export function squareOf(width: number, height: number): Frame {
  const size = Math.max(60, Math.min(width - LEFT - RIGHT, height - TOP - AXIS));
  return { width, height, left: LEFT, top: TOP, plot: size, room: size, axis: true };
}

/** Heights of so many panels one below the other: the last one has the axis, and all bins get the same room. */
export function panelHeights(height: number, panels: number, caption: number): number[] {
  const plain = (height - (AXIS - MEANS)) / panels - caption;
  return Array.from({ length: panels }, (_, i) =>
    Math.max(60, Math.floor(plain + (i === panels - 1 ? AXIS - MEANS : 0))),
  );
}
