import { type Camera, frame, moved, type Rect, type View } from "./geometry";
import { stillWanted } from "./motion";
import type { Scatterplot } from "./scatter";

/** What is looked at, and through which plot, while there is one. */
export interface Sight {
  plot(): Scatterplot | undefined;
  view(): View;
  /** The box around everything, or around some rows. */
  box(rows?: Uint32Array): Rect | undefined;
  /** The camera is about to move. */
  stir(): void;
  failed(error: unknown): void;
}

const MOVE_MS = 350;
const EVERYTHING = { x: -1, y: -1, width: 2, height: 2 };

/** Moves the camera, and knows whether a person has. */
export class Steering {
  /** The person has moved the camera: a resize no longer frames everything. */
  moved = false;
  /** How far the camera is where everything is framed. */
  homeDistance = 1;

  constructor(private readonly sight: Sight) {}

  /** How many times nearer than where everything is framed. */
  get zoom(): number {
    return this.homeDistance * Math.abs(this.sight.view().matrix[0] || 1);
  }

  /** Where everything is framed. */
  home(): Camera {
    const home = frame(this.sight.box() ?? EVERYTHING, this.#aspect);
    this.homeDistance = home.distance;
    return home;
  }

  /** Frame everything. */
  reset(): void {
    this.moved = false;
    this.goTo(this.home(), true);
  }

  zoomTo(rows: Uint32Array): void {
    const rect = this.sight.box(rows);
    if (!rect) return;
    this.moved = true;
    this.goTo(frame(rect, this.#aspect, 0.25), true);
  }

  /** Move by shares of what is seen and zoom by a factor. */
  move(pan: [number, number], zoom: number): void {
    const plot = this.sight.plot();
    if (!plot) return;
    this.moved = true;
    const [x = 0, y = 0] = plot.get("cameraTarget") as ArrayLike<number> & number[];
    const now: Camera = { target: [x, y], distance: 1 / Math.abs(this.sight.view().matrix[0] || 1) };
    this.goTo(moved(now, this.#aspect, pan, zoom), false);
  }

  goTo(camera: Camera, animate: boolean): void {
    const plot = this.sight.plot();
    if (!plot) return;
    const transition = animate && !stillWanted();
    this.sight.stir();
    const arrive = async (): Promise<void> => {
      await plot.zoomToLocation(camera.target, camera.distance, { transition, transitionDuration: MOVE_MS });
      // The last step of a transition does not count as a move there: what follows the camera would keep the old scale.
      if (plot === this.sight.plot()) plot.view(plot.get("cameraView") as unknown as number[]);
    };
    arrive().catch((error: unknown) => this.sight.failed(error));
  }

  get #aspect(): number {
    const { width, height } = this.sight.view();
    return width / height;
  }
}
