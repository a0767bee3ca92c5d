import type { Rect, View } from "./geometry";
import type { SharedCamera } from "./shared_camera";

export interface PlotOptions {
  /** Places change many times a second: points are put there at once, and the camera stays. */
  steps?: boolean;
  /** What is framed when everything is, or when some rows are; else the box around the points. */
  frame?: (rows?: Uint32Array) => Rect | undefined;
}

/** Something more that lies over the points. */
export interface Overlay {
  readonly host: Element;
  /** What of it must stay free of names. */
  readonly words?: HTMLElement;
  /** Follow the camera. */
  follow(view: View): void;
}

/** How a map stands among others: what they already say, and what it has beside. */
export interface MapOptions extends PlotOptions {
  /** Whose map it is, where there are several. */
  name?: () => string;
  legend?: boolean;
  /** What is selected and found, in words. */
  bars?: boolean;
  camera?: SharedCamera;
  overlays?: readonly Overlay[];
}
