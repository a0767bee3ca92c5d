import type { Paint } from "./paint";
import { Texels } from "./texels";

/** The texture that the points are drawn from: made with them, and filled again in place when they only go elsewhere. */
export class Filling {
  #texels: Texels | undefined;
  #again: (() => void) | undefined;

  /** Fill the next texture with these points; how many they are. */
  prepare(coords: Float32Array, paint: Paint): number {
    this.#texels = new Texels(coords, paint);
    return this.#texels.count;
  }

  fill(texels: Float32Array): void {
    this.#texels?.fill(texels);
  }

  filled(again: () => void): void {
    this.#again = again;
  }

  /** Put the same points elsewhere; nothing happens where there are not as many in the texture. */
  move(coords: Float32Array): void {
    if (this.#texels?.count !== coords.length / 2) return;
    this.#texels.move(coords);
    this.#again?.();
  }

  /** Where the texture holds some rows. */
  places(rows: Uint32Array): number[] {
    return this.#texels?.places(rows) ?? [];
  }

  /** The texture is gone. */
  drop(): void {
    this.#again = undefined;
  }
}
