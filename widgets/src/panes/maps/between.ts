import type { ScopeState, ScopeStore } from "../../state";
import type { Rect } from "../map/geometry";
import { perFrame } from "../map/soon";
import { boundsOfBoth, mixLabels, mixPlaces } from "./blend";
import { Lens } from "./lens";

/** The map between the teacher's and the student's, where the morph says; at most one step an animation frame. */
export class Between {
  readonly store: Lens<ScopeState>;
  #held = false;
  #box: Rect | undefined;

  constructor(
    private readonly whole: ScopeStore,
    signal: AbortSignal,
  ) {
    this.store = new Lens(whole, {}, { coords: whole.get("coords"), labels: whole.get("labels") });
    const renew = (): void => {
      this.#box = undefined;
      this.#put();
    };
    whole.on(
      "morph",
      perFrame(() => this.#put(), signal),
      signal,
    );
    // At once: with new items new places come, and a map must never see the one without the other.
    for (const key of ["coords", "coordsB"] as const) whole.on(key, renew, signal);
    for (const key of ["labels", "labelsB"] as const) whole.on(key, () => this.#name(), signal);
    this.#put();
  }

  /** The box around both maps, or around some rows in both, so that they stay in sight as one goes from one to the other. */
  boxOf(rows?: Uint32Array): Rect | undefined {
    const box = (): Rect | undefined =>
      boundsOfBoth(this.whole.get("coords"), this.whole.get("coordsB"), rows);
    if (rows) return box();
    this.#box ??= box();
    return this.#box;
  }

  /** Whether there is a student's map of the same items. */
  get complete(): boolean {
    const { length } = this.whole.get("coordsB");
    return length > 0 && length === this.whole.get("coords").length;
  }

  /** Stay at the teacher's map, whatever the morph says. */
  hold(held: boolean): void {
    this.#held = held;
    this.#put();
  }

  get #share(): number {
    return this.#held ? 0 : this.whole.get("morph");
  }

  #put(): void {
    const { whole } = this;
    this.store.set("coords", mixPlaces(whole.get("coords"), whole.get("coordsB"), this.#share));
    this.#name();
  }

  #name(): void {
    const { whole } = this;
    this.store.set("labels", mixLabels(whole.get("labels"), whole.get("labelsB"), this.#share));
  }
}
