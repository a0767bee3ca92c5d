import "../src/scope.css";
import { bind } from "../src/bind";
import { BusyWatch } from "../src/busy";
import { History } from "../src/history";
import type { Model } from "../src/model";
import { openShell } from "../src/shell";
import type { Source } from "../src/source/source";
import { type Answers, StaticSource } from "../src/source/static";
import { emptyState, type ScopeState } from "../src/state";
import { Store } from "../src/store";
import { followQueries } from "../src/walk";
import { LocalModel } from "./local_model";
import { category, number, payload, type Synthetic, synthetic, traits } from "./synthetic";

export interface StaticView {
  model: LocalModel;
  store: Store<ScopeState>;
  el: HTMLElement;
  root: HTMLElement;
  data: Synthetic;
  close(): void;
}

export interface StaticOptions {
  n?: number;
  traits?: Partial<Model>;
  source?: Source;
  /** What the page can answer beside its items' cards. */
  answers?: Partial<Answers>;
  el?: HTMLElement;
}

/** The whole front end over a page's own data, in a new element: no kernel anywhere. */
export function openStatic(options: StaticOptions = {}): StaticView {
  const data = synthetic(options.n ?? 2000);
  const model = new LocalModel({ ...traits(data), ...options.traits });
  const store = new Store<ScopeState>(emptyState());
  const life = new AbortController();
  const el = options.el ?? document.body.appendChild(document.createElement("div"));
  bind(model, store, new BusyWatch((busy) => store.set("busy", busy)), life.signal);
  // What Python does when the choice changes.
  model.on("change:color_by", () =>
    model.set("color", model.get("color_by") === "trust" ? number(data) : category(data)),
  );
  const source =
    options.source ??
    new StaticSource({
      item: (row) => (row < data.codes.length ? payload(row) : undefined),
      ...options.answers,
    });
  followQueries(store, source, life.signal);
  const history = new History(store, life.signal);
  const root = openShell({ store, source, history, el, signal: life.signal });
  return { model, store, el, root, data, close: () => life.abort() };
}
