import type { Payload, Source } from "./source";

/** Answers from what lies in the page: for tests and for exports without a kernel. */
export class StaticSource implements Source {
  constructor(private readonly items: (row: number) => Payload | undefined) {}

  async payload(rows: readonly number[], signal?: AbortSignal): Promise<Payload[]> {
    signal?.throwIfAborted();
    return rows.map((row) => {
      const found = this.items(row);
      if (!found) throw new RangeError(`row ${row} is not in this page`);
      return found;
    });
  }
}
