type Listener<Value> = (value: Value) => void;

/** What panes share: values by key, and who wants to know of a change. Panes talk to a store and never to each other. */
export class Store<State extends object> {
  #state: State;
  #listeners = new Map<keyof State, Set<Listener<never>>>();

  constructor(initial: State) {
    this.#state = { ...initial };
  }

  get<K extends keyof State>(key: K): State[K] {
    return this.#state[key];
  }

  /** Keep a value and tell its listeners, unless it is the one that is there. */
  set<K extends keyof State>(key: K, value: State[K]): void {
    if (Object.is(this.#state[key], value)) return;
    this.#state[key] = value;
    for (const listener of [...(this.#listeners.get(key) ?? [])]) (listener as Listener<State[K]>)(value);
  }

  /** Listen to a key until the signal aborts. */
  on<K extends keyof State>(key: K, listener: Listener<State[K]>, signal: AbortSignal): void {
    if (signal.aborted) return;
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    listeners.add(listener as Listener<never>);
    signal.addEventListener("abort", () => listeners.delete(listener as Listener<never>), { once: true });
  }

  /** How many listeners hang here: what opens must close, and a test counts. */
  get listenerCount(): number {
    let count = 0;
    for (const listeners of this.#listeners.values()) count += listeners.size;
    return count;
  }
}
