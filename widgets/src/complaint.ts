import type { ScopeStore } from "./state";

/** What one part of the widget has to complain of: a later success takes back its own words and nobody else's. */
export class Complaint {
  #words = "";

  constructor(private readonly store: ScopeStore) {}

  say(error: unknown): void {
    this.#words = wordsOf(error);
    this.store.set("problem", this.#words);
  }

  takeBack(): void {
    if (this.#words !== "" && this.store.get("problem") === this.#words) this.store.set("problem", "");
    this.#words = "";
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
