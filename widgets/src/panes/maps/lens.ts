import { Store } from "../../store";

/** The keys that hold what another key holds. */
type Alike<State, K extends keyof State> = {
  [L in keyof State]-?: [State[L], State[K]] extends [State[K], State[L]] ? L : never;
}[keyof State];

/** Which keys stand for which others. */
export type Renamed<State> = { readonly [K in keyof State]?: Alike<State, K> };

/** A store as another one sees it: some keys stand for others, some have values of their own, and all else is the store's. */
export class Lens<State extends object> extends Store<State> {
  readonly #own: ReadonlySet<keyof State>;

  constructor(
    private readonly whole: Store<State>,
    private readonly renamed: Renamed<State>,
    own: Partial<State> = {},
  ) {
    // Keys that are not its own are never looked up here.
    super(own as State);
    this.#own = new Set(Object.keys(own) as (keyof State)[]);
  }

  override get<K extends keyof State>(key: K): State[K] {
    return this.#own.has(key) ? super.get(key) : this.whole.get(this.#nameOf(key));
  }

  override set<K extends keyof State>(key: K, value: State[K]): void {
    if (this.#own.has(key)) super.set(key, value);
    else this.whole.set(this.#nameOf(key), value);
  }

  override on<K extends keyof State>(key: K, listener: (value: State[K]) => void, signal: AbortSignal): void {
    if (this.#own.has(key)) super.on(key, listener, signal);
    else this.whole.on(this.#nameOf(key), listener, signal);
  }

  /** The store's key; its values are of the same type. */
  #nameOf<K extends keyof State>(key: K): K {
    return (this.renamed[key] ?? key) as K;
  }
}
