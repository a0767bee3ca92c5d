import type { Query, Source } from "./source/source";
import type { ScopeStore } from "./state";

const MOST_STEPS = 50;

/** Ask for the neighbours of something, and keep the way here so that one can walk back. */
export function ask(store: ScopeStore, query: Query | null): void {
  const now = store.get("query");
  if (query === null || (now && sameQuery(now, query))) {
    store.set("query", query);
    return;
  }
  const walked = store.get("trail").slice(0, store.get("step") + 1);
  const last = walked.at(-1);
  // Who lets go of something and takes it up again has not walked.
  const trail = last && sameQuery(last, query) ? walked : [...walked, query].slice(-MOST_STEPS);
  store.set("trail", trail);
  store.set("step", trail.length - 1);
  store.set("query", query);
}

/** Ask again for what stands at a step of the way. */
export function walkTo(store: ScopeStore, step: number): void {
  const query = store.get("trail")[step];
  if (!query) return;
  store.set("step", step);
  store.set("query", query);
}

export function sameQuery(a: Query, b: Query): boolean {
  if (a.kind === "item" && b.kind === "item") return a.row === b.row;
  if (a.kind === "text" && b.kind === "text") return a.text === b.text;
  return a.kind === "image" && b.kind === "image" && a.image === b.image;
}

/** Find the neighbours of each query in force, until the signal aborts; a later query cancels an earlier one. */
export function followQueries(store: ScopeStore, source: Source, signal: AbortSignal): void {
  let asked = new AbortController();
  const find = async (): Promise<void> => {
    asked.abort();
    const own = new AbortController();
    asked = own;
    store.set("found", null);
    store.set("findProblem", "");
    const query = store.get("query");
    if (!query) return;
    try {
      const found = await source.neighbors(query, store.get("nNeighbors"), own.signal);
      if (!own.signal.aborted) store.set("found", found);
    } catch (error) {
      if (own.signal.aborted) return;
      store.set("findProblem", error instanceof Error ? error.message : String(error));
    }
  };
  const start = (): void => void find();
  store.on("query", start, signal);
  store.on("nNeighbors", start, signal);
  signal.addEventListener("abort", () => asked.abort(signal.reason), { once: true });
  if (store.get("query")) start();
}
