import type { ScopeStore } from "./state";

const MOST = 100;

/** The selections that were, from whichever side they came: undo walks back through them, and redo forth. */
export class History {
  #past: Uint32Array[] = [];
  #future: Uint32Array[] = [];
  #now: Uint32Array;
  #walking = false;
  #listeners = new Set<() => void>();

  constructor(
    private readonly store: ScopeStore,
    signal: AbortSignal,
  ) {
    this.#now = store.get("selection");
    store.on("selection", (rows) => this.#keep(rows), signal);
    let items = store.get("universe").n;
    store.on(
      "universe",
      ({ n }) => {
        // Rows of another universe mean other items; another title or revision does not.
        if (n !== items) this.#forget();
        items = n;
      },
      signal,
    );
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  undo(): void {
    this.#walk(this.#past, this.#future);
  }

  redo(): void {
    this.#walk(this.#future, this.#past);
  }

  /** Call back when what can be undone or redone has changed. */
  onChange(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  #walk(from: Uint32Array[], to: Uint32Array[]): void {
    const rows = from.pop();
    if (!rows) return;
    to.push(this.#now);
    this.#walking = true;
    this.store.set("selection", rows);
    this.#walking = false;
    this.#tell();
  }

  #keep(rows: Uint32Array): void {
    if (!this.#walking) {
      this.#past.push(this.#now);
      if (this.#past.length > MOST) this.#past.shift();
      this.#future = [];
    }
    this.#now = rows;
    this.#tell();
  }

  #forget(): void {
    this.#past = [];
    this.#future = [];
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
