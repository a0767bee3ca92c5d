import { wordsOf } from "./complaint";
import type { Payload, Source } from "./source/source";

const MOST_ROWS = 64;
const GATHER_MS = 25;

export interface Waiting {
  row: number;
  fill(payload: Payload): void;
  fail(words: string): void;
}

/** Fetches what is shown of items once they come in sight, many at a time. */
export class InSight {
  #waiting = new Map<Element, Waiting>();
  #wanted: Waiting[] = [];
  #asked = new AbortController();
  #observer: IntersectionObserver;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly source: Source,
    signal: AbortSignal,
  ) {
    // A card that is about to come in sight is wanted too.
    this.#observer = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "120px 0px" });
    signal.addEventListener("abort", () => this.forget(), { once: true });
  }

  watch(card: Element, waiting: Waiting): void {
    this.#waiting.set(card, waiting);
    this.#observer.observe(card);
  }

  /** Other cards stand here now: what is still on its way is of no use. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
    this.#waiting.clear();
    this.#wanted = [];
    this.#asked.abort();
    this.#asked = new AbortController();
  }

  #see(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const waiting = this.#waiting.get(target);
      if (!isIntersecting || !waiting) continue;
      this.#observer.unobserve(target);
      this.#waiting.delete(target);
      this.#wanted.push(waiting);
    }
    clearTimeout(this.#timer);
    if (this.#wanted.length > 0) this.#timer = setTimeout(() => this.#fetch(), GATHER_MS);
  }

  #fetch(): void {
    for (let at = 0; at < this.#wanted.length; at += MOST_ROWS) {
      void this.#ask(this.#wanted.slice(at, at + MOST_ROWS), this.#asked.signal);
    }
    this.#wanted = [];
  }

  async #ask(wanted: Waiting[], signal: AbortSignal): Promise<void> {
    const rows = [...new Set(wanted.map(({ row }) => row))];
    try {
      const payloads = await this.source.payload(rows, signal);
      if (signal.aborted) return;
      const found = new Map(payloads.map((payload) => [payload.row, payload]));
      for (const { row, fill } of wanted) {
        const payload = found.get(row);
        if (payload) fill(payload);
      }
    } catch (error) {
      if (signal.aborted) return;
      for (const { fail } of wanted) fail(wordsOf(error));
    }
  }
}
