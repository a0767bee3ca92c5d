import { wordsOf as wordsOfError } from "../../complaint";
import { cut } from "../../marked";
import type { Side, Source, Truncation } from "../../source/source";
import { readingOf } from "./scale";

const MOST_PROBLEM = 300;

/** What is known of a side's curve. */
export type Measured =
  | { kind: "asked" }
  | { kind: "found"; curve: Truncation }
  | { kind: "failed"; words: string };

/** What is known of a curve at some dims. */
export function wordsOf(measured: Measured, dims: number): string {
  if (measured.kind === "found") return readingOf(measured.curve, dims);
  return measured.kind === "failed"
    ? cut(measured.words, MOST_PROBLEM)
    : "Measuring how many neighbours fewer dims keep…";
}

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
      .catch((error: unknown): Measured => ({ kind: "failed", words: wordsOfError(error) }));
    if (signal.aborted) return;
    this.#known.set(side, found);
    this.tell();
  }
}
