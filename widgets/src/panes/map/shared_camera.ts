export interface Looking {
  /** Look from here; `moved` says whether a person went there. */
  look(matrix: readonly number[], moved: boolean): void;
  /** Frame everything. */
  reset(): void;
}

/** Maps that are looked at from one place. While nobody has moved the camera, each frames everything by itself. */
export class SharedCamera {
  #maps = new Set<Looking>();
  #matrix: readonly number[] = [];
  #moved = false;

  join(map: Looking, signal: AbortSignal): void {
    this.#maps.add(map);
    signal.addEventListener("abort", () => this.#maps.delete(map), { once: true });
    if (this.#moved) map.look(this.#matrix, true);
  }

  /** One of the maps is looked at from here now. */
  follow(leader: Looking, matrix: ArrayLike<number>, moved: boolean): void {
    const before = this.#moved;
    this.#moved = moved;
    if (!moved && !before) return;
    this.#matrix = Array.from(matrix);
    for (const map of this.#maps) {
      if (map === leader) continue;
      if (moved) map.look(this.#matrix, true);
      else map.reset();
    }
  }
}
