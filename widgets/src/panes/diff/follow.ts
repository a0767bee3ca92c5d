import { wordsOf } from "../../complaint";
import type { Changes, Query, Source } from "../../source/source";
import type { ScopeStore } from "../../state";

/** What is known of the query's neighbours on both sides. */
export type Standing =
  | { kind: "nothing" }
  | { kind: "waiting" }
  | { kind: "found"; changes: Changes; query: Query; dims: [number, number] }
  | { kind: "failed"; words: string };

/**
 * Asks what becomes of the neighbours of each query in force. Another query or k cancels what is asked; other dims wait for
 * it, and only the last of them are asked: a slider that moves keeps one request in flight.
 */
export class FollowChanges {
  #asked = new AbortController();
  #running = false;
  #stale = false;

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    private readonly tell: (standing: Standing) => void,
    private readonly signal: AbortSignal,
  ) {
    store.on("query", () => this.start(), signal);
    store.on("nNeighbors", () => this.start(), signal);
    store.on("dimsInUse", () => this.#again(), signal);
    signal.addEventListener("abort", () => this.#asked.abort(signal.reason), { once: true });
  }

  /** Ask anew for what the query is now. */
  start(): void {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#running = false;
    if (this.store.get("query")) void this.#ask();
    else this.tell({ kind: "nothing" });
  }

  #again(): void {
    if (this.#running) this.#stale = true;
    else if (this.store.get("query")) void this.#ask();
  }

  async #ask(): Promise<void> {
    const { signal } = this.#asked;
    const { store } = this;
    const query = store.get("query");
    const dims = store.get("dimsInUse");
    if (!query || this.signal.aborted) return;
    this.#running = true;
    this.#stale = false;
    this.tell({ kind: "waiting" });
    const standing = await this.source
      .changes(query, store.get("nNeighbors"), dims, signal)
      .then((changes): Standing => ({ kind: "found", changes, query, dims }))
      .catch((error: unknown): Standing => ({ kind: "failed", words: wordsOf(error) }));
    if (signal.aborted) return;
    this.#running = false;
    // What went wrong with dims that are not wanted any more is of no interest.
    if (!(this.#stale && standing.kind === "failed")) this.tell(standing);
    if (this.#stale) void this.#ask();
  }
}
