import type { ScopeStore } from "../../state";
import { stillWanted } from "../map/motion";
import { type Leg, oneWay, shareAt, thereAndBack } from "./run";

/** Runs the morph by itself, until it is over or somebody takes the slider. */
export class Play {
  #frame = 0;
  #plays = false;

  constructor(
    private readonly store: ScopeStore,
    /** It started or ended. */
    private readonly changed: (plays: boolean) => void,
    signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => this.stop(), { once: true });
  }

  /** Start, or stop where it is. */
  toggle(): void {
    if (this.#plays) this.stop();
    else this.#start(thereAndBack(this.store.get("morph"), stillWanted()));
  }

  /** Go to one of the ends. */
  goTo(share: number): void {
    this.#start(oneWay(this.store.get("morph"), share, stillWanted()));
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    if (!this.#plays) return;
    this.#plays = false;
    this.changed(false);
  }

  #start(legs: readonly Leg[]): void {
    this.stop();
    this.#plays = true;
    this.changed(true);
    const begin = performance.now();
    const end = legs.at(-1)?.to ?? this.store.get("morph");
    const step = (): void => {
      const share = shareAt(legs, performance.now() - begin);
      this.store.set("morph", share ?? end);
      if (share === undefined) this.stop();
      else this.#frame = requestAnimationFrame(step);
    };
    step();
  }
}
