import { wordsOf } from "../../complaint";
import type { Side, Source, Truncation } from "../../source/source";

/** What is known of a side's curve. */
export type Measured =
  | { kind: "asked" }
  | { kind: "found"; curve: Truncation }
  | { kind: "failed"; words: string };

/** The curves of both sides, each measured once, when it is first wanted. */
export class Curves {
  #known = new Map<Side, Measured>();
  #asked = new AbortController();

  constructor(
    private readonly source: Source,
    private readonly tell: () => void,
    signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => this.#asked.abort(signal.reason), { once: true });
  }

  of(side: Side): Measured {
    const known = this.#known.get(side);
    if (known) return known;
    const asked: Measured = { kind: "asked" };
    this.#known.set(side, asked);
    void this.#measure(side, this.#asked.signal);
    return asked;
  }

  /** Ask again for what failed. */
  retry(side: Side): void {
    this.#known.delete(side);
    this.tell();
  }

  /** Other spaces are compared now. */
  forget(): void {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#known.clear();
  }

  async #measure(side: Side, signal: AbortSignal): Promise<void> {
    const found = await this.source
      .truncation(side, signal)
      .then((curve): Measured => ({ kind: "found", curve }))
      .catch((error: unknown): Measured => ({ kind: "failed", words: wordsOf(error) }));
    if (signal.aborted) return;
    this.#known.set(side, found);
    this.tell();
  }
}
