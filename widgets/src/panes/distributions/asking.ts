import { wordsOf } from "../../complaint";
import type { Distributions, PairKind, Source } from "../../source/source";
import { NO_ROWS, type ScopeStore, select } from "../../state";
import { SELECTED } from "./choices";

const REST_MS = 400;
const FEWEST = 2;
const MOST = 2000;

/** Whether so many selected items are few enough to look at all their pairs, and enough to have one. */
export function canBeSelected(items: number): boolean {
  return items >= FEWEST && items <= MOST;
}

/** The answer with the pairs of the selection beside; the other kinds stay as they were counted. */
export function withSelected(now: Distributions, answer: Distributions): Distributions {
  const sameEdges =
    now.edges.length === answer.edges.length && now.edges.every((edge, i) => edge === answer.edges[i]);
  const selected = answer.kinds.filter(({ kind }) => kind === SELECTED);
  return sameEdges ? { ...now, kinds: [...unselected(now.kinds), ...selected] } : answer;
}

export function unselected(kinds: readonly PairKind[]): PairKind[] {
  return kinds.filter(({ kind }) => kind !== SELECTED);
}

/** Asks how distances lie, again when the groups or the selection change; a later question cancels an earlier one. */
export class Asking {
  data: Distributions | null = null;
  /** Why there is nothing; empty: nothing is wrong. */
  problem = "";
  /** What is known of the selected pairs while they are not there. */
  aside = "";
  /** How many items the kind "selected" is of. */
  items = 0;
  waiting = false;
  #all = new AbortController();
  #few = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #own = false;

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    private readonly changed: () => void,
    signal: AbortSignal,
  ) {
    store.on("groupBy", () => this.#soon(), signal);
    store.on("comparison", () => this.#soon(), signal);
    store.on("selection", () => this.#follow(), signal);
    const stop = (): void => {
      clearTimeout(this.#timer);
      this.#all.abort(signal.reason);
      this.#few.abort(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
  }

  /** Select what this pane shows; the pairs of the selection before stay, or a click would change what was clicked. */
  selectOwn(rows: ArrayLike<number>): void {
    this.#own = true;
    try {
      select(this.store, rows);
    } finally {
      this.#own = false;
    }
  }

  async ask(): Promise<void> {
    this.#stop();
    this.#all = new AbortController();
    const { signal } = this.#all;
    Object.assign(this, { waiting: true, problem: "", aside: "", items: 0 });
    this.changed();
    try {
      const data = await this.source.distributions(this.store.get("groupBy"), null, signal);
      if (signal.aborted) return;
      Object.assign(this, { data, waiting: false });
    } catch (error) {
      if (signal.aborted) return;
      Object.assign(this, { data: null, waiting: false, problem: wordsOf(error) });
    }
    this.changed();
    if (this.data && canBeSelected(this.store.get("selection").length)) this.#follow();
  }

  /** Several keys may change at once: they are one question. */
  #soon(): void {
    this.#stop();
    this.#timer = setTimeout(() => void this.ask(), 0);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#all.abort();
    this.#few.abort();
  }

  #follow(): void {
    // What is still on its way asks for the selection of then when it is there.
    if (this.#own || this.waiting || !this.data) return;
    clearTimeout(this.#timer);
    this.#few.abort();
    const rows = this.store.get("selection");
    if (canBeSelected(rows.length)) {
      this.#timer = setTimeout(() => void this.#askSelected(rows), REST_MS);
      return;
    }
    this.#drop(rows);
  }

  #drop(rows: Uint32Array = NO_ROWS): void {
    const kinds = unselected(this.data?.kinds ?? []);
    const had = kinds.length !== this.data?.kinds.length || this.aside !== "";
    if (this.data) this.data = { ...this.data, kinds };
    this.items = 0;
    this.aside =
      rows.length > MOST ? "The selection is too large to show its pairs: at most 2,000 items." : "";
    if (had || this.aside !== "") this.changed();
  }

  async #askSelected(rows: Uint32Array): Promise<void> {
    this.#few = new AbortController();
    const { signal } = this.#few;
    this.aside = "Counting the pairs of the selection…";
    this.changed();
    try {
      const answer = await this.source.distributions(this.store.get("groupBy"), rows, signal);
      if (signal.aborted || !this.data) return;
      Object.assign(this, { data: withSelected(this.data, answer), items: rows.length, aside: "" });
    } catch (error) {
      if (signal.aborted) return;
      this.#drop();
      this.aside = `The pairs of the selection cannot be shown: ${wordsOf(error)}`;
    }
    this.changed();
  }
}
