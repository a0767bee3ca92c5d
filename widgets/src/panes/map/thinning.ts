import { MOST_SKIPPED } from "../../gl/tuned";

/** More points than this are thinned to about half as many while the camera moves. */
export const MANY = 2_000_000;
const REST_MS = 250;

/** How many of very many points are drawn: a sample while the camera moves, and all of them once it is still. */
export class Thinning {
  every = 1;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly redraw: () => void) {}

  /** The camera moves over so many points. */
  stir(count: number): void {
    if (count <= MANY) return;
    this.every = Math.min(MOST_SKIPPED, Math.ceil((2 * count) / MANY));
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.every = 1;
      this.redraw();
    }, REST_MS);
  }

  stop(): void {
    clearTimeout(this.#rest);
    this.every = 1;
  }
}
