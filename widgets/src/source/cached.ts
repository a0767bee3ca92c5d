import type { Payload, Source } from "./source";

/** Keeps the last payloads of another source, so that a pointer that wanders back asks nothing. */
export class CachedSource implements Source {
  #kept = new Map<number, Payload>();

  constructor(
    private readonly source: Source,
    private readonly limit = 512,
  ) {}

  readonly neighbors: Source["neighbors"] = (...args) => this.source.neighbors(...args);
  readonly search: Source["search"] = (...args) => this.source.search(...args);
  readonly composition: Source["composition"] = (...args) => this.source.composition(...args);
  readonly table: Source["table"] = (...args) => this.source.table(...args);
  readonly original: Source["original"] = (...args) => this.source.original(...args);
  readonly exported: Source["exported"] = (...args) => this.source.exported(...args);
  readonly heatmap: Source["heatmap"] = (...args) => this.source.heatmap(...args);
  readonly cell: Source["cell"] = (...args) => this.source.cell(...args);
  readonly anchor: Source["anchor"] = (...args) => this.source.anchor(...args);
  readonly distributions: Source["distributions"] = (...args) => this.source.distributions(...args);
  readonly pairs: Source["pairs"] = (...args) => this.source.pairs(...args);
  readonly changes: Source["changes"] = (...args) => this.source.changes(...args);
  readonly truncation: Source["truncation"] = (...args) => this.source.truncation(...args);
  readonly act: Source["act"] = (...args) => this.source.act(...args);

  async payload(rows: readonly number[], signal?: AbortSignal): Promise<Payload[]> {
    const missing = rows.filter((row) => !this.#kept.has(row));
    const fetched = missing.length > 0 ? await this.source.payload(missing, signal) : [];
    const found = new Map(fetched.map((payload) => [payload.row, payload]));
    const answer = rows.flatMap((row) => found.get(row) ?? this.#kept.get(row) ?? []);
    for (const payload of answer) this.#keep(payload);
    return answer;
  }

  /** Forget everything: the columns to show have changed. */
  clear(): void {
    this.#kept.clear();
  }

  #keep(payload: Payload): void {
    this.#kept.delete(payload.row);
    this.#kept.set(payload.row, payload);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > this.limit && oldest !== undefined) this.#kept.delete(oldest);
  }
}
