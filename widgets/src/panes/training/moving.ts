import type { ScopeState, ScopeStore } from "../../state";
import { stillWanted } from "../map/motion";
import { mixPlaces } from "../maps/blend";
import { Lens } from "../maps/lens";

const MOVE_MS = 420;

/** The store with places that go to new ones in a moment, so that the eye can follow. */
export class Moving {
  readonly store: Lens<ScopeState>;
  #frame = 0;

  constructor(whole: ScopeStore, signal: AbortSignal) {
    this.store = new Lens(whole, {}, { coords: whole.get("coords") });
    whole.on("coords", (coords) => this.#go(coords), signal);
    signal.addEventListener("abort", () => cancelAnimationFrame(this.#frame), { once: true });
  }

  #go(to: Float32Array): void {
    cancelAnimationFrame(this.#frame);
    const from = this.store.get("coords");
    // Other items have come: their places must never be seen with the old ones' number.
    if (from.length !== to.length || stillWanted() || document.hidden) {
      this.store.set("coords", to);
      return;
    }
    const begin = performance.now();
    const step = (): void => {
      const share = Math.min(1, (performance.now() - begin) / MOVE_MS);
      this.store.set("coords", mixPlaces(from, to, share * share * (3 - 2 * share)));
      if (share < 1) this.#frame = requestAnimationFrame(step);
    };
    step();
  }
}
