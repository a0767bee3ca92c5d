import type { Payload, Source } from "./source";

/** What a page can answer by itself: the cards of its items, and whatever else was laid into it. */
export type Answers = Partial<Omit<Source, "payload">> & { item(row: number): Payload | undefined };

/** Answers from what lies in the page: for tests and for exports without a kernel. */
export class StaticSource implements Source {
  constructor(private readonly answers: Answers) {}

  async payload(rows: readonly number[], signal?: AbortSignal): Promise<Payload[]> {
    signal?.throwIfAborted();
    return rows.map((row) => {
      const found = this.answers.item(row);
      if (!found) throw new RangeError(`row ${row} is not in this page`);
      return found;
    });
  }

  readonly neighbors: Source["neighbors"] = (...args) => this.#answer("neighbors", args);
  readonly search: Source["search"] = (...args) => this.#answer("search", args);
  readonly composition: Source["composition"] = (...args) => this.#answer("composition", args);
  readonly table: Source["table"] = (...args) => this.#answer("table", args);
  readonly original: Source["original"] = (...args) => this.#answer("original", args);
  readonly exported: Source["exported"] = (...args) => this.#answer("exported", args);
  readonly heatmap: Source["heatmap"] = (...args) => this.#answer("heatmap", args);
  readonly cell: Source["cell"] = (...args) => this.#answer("cell", args);
  readonly anchor: Source["anchor"] = (...args) => this.#answer("anchor", args);
  readonly distributions: Source["distributions"] = (...args) => this.#answer("distributions", args);
  readonly pairs: Source["pairs"] = (...args) => this.#answer("pairs", args);
  readonly changes: Source["changes"] = (...args) => this.#answer("changes", args);
  readonly truncation: Source["truncation"] = (...args) => this.#answer("truncation", args);
  readonly act: Source["act"] = (...args) => this.#answer("act", args);

  async #answer<K extends Exclude<keyof Source, "payload">>(
    kind: K,
    args: Parameters<Source[K]>,
  ): Promise<Awaited<ReturnType<Source[K]>>> {
    const answer = this.answers[kind] as
      | ((...args: Parameters<Source[K]>) => ReturnType<Source[K]>)
      | undefined;
    if (!answer) throw new Error("This page has no kernel to answer that.");
    return (await answer(...args)) as Awaited<ReturnType<Source[K]>>;
  }
}
