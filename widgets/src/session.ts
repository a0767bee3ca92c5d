import { bind } from "./bind";
import { BusyWatch } from "./busy";
import { History } from "./history";
import type { ScopeModel } from "./model";
import { CachedSource } from "./source/cached";
import { KernelSource } from "./source/kernel";
import type { Source } from "./source/source";
import { emptyState, type ScopeState } from "./state";
import { Store } from "./store";
import { followQueries } from "./walk";

/** What all views of one model share. */
export interface Session {
  model: ScopeModel;
  store: Store<ScopeState>;
  source: Source;
  history: History;
}

/** Join a model, a store and the kernel until the signal aborts. */
export function openSession(model: ScopeModel, signal: AbortSignal): Session {
  const store = new Store<ScopeState>(emptyState());
  const busy = new BusyWatch((waiting) => store.set("busy", waiting));
  const source = new CachedSource(new KernelSource(model, { busy, signal }));
  bind(model, store, busy, signal);
  store.on("hoverColumns", () => source.clear(), signal);
  store.on("universe", () => source.clear(), signal);
  followQueries(store, source, signal);
  return { model, store, source, history: new History(store, signal) };
}

/** Hosts wrap one model in a new object for each call; what it holds is the same object all the same. */
export function isOf(session: Session, model: ScopeModel): boolean {
  return session.model === model || session.model.get("universe") === model.get("universe");
}
