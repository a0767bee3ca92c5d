import { element } from "../../dom";
import { cut } from "../../marked";
import type { ScopeStore } from "../../state";
import { colorValue } from "../../value";
import type { Pane, PaneContext } from "../pane";
import { AtHand } from "./at_hand";
import { howMany } from "./how_many";
import { NeighborList } from "./list";
import { Trail } from "./trail";

const MOST_NOTE = 240;

/** The neighbours of whatever is at hand, and the way from one to the next. */
export const neighborsPane: Pane = ({ store, source, el, signal }: PaneContext): void => {
  el.setAttribute("aria-label", "Neighbours");
  const trail = new Trail(store, source, signal);
  const atHand = new AtHand(store, source, signal);
  const list = new NeighborList(store, source, signal);
  const top = element("div", { class: "es-near-top" }, trail.host, howMany(store, signal));
  const state = element("p", { class: "es-near-state", role: "status" });
  const note = element("p", { class: "es-hint es-near-note" });
  el.append(top, atHand.host, state, list.host, note);

  const explain = (): void => {
    state.textContent = wordsFor(store, list.count);
    state.hidden = state.textContent === "";
    state.classList.toggle("es-bad", store.get("findProblem") !== "");
    list.host.classList.toggle("es-waiting", store.get("query") !== null && store.get("found") === null);
    list.host.hidden = list.count === 0;
  };
  const turn = (): void => {
    atHand.show(store.get("query"));
    if (store.get("query") === null) list.clear();
    explain();
  };
  const find = (): void => {
    const found = store.get("found");
    // Until the next ones come the last ones stay, dimmed: nothing jumps.
    if (found) list.show(found, codeOf(store));
    atHand.offer(found?.rows ?? []);
    note.textContent = cut(found?.note ?? "", MOST_NOTE);
    note.hidden = note.textContent === "";
    explain();
  };
  const fail = (): void => {
    if (store.get("findProblem") !== "") list.clear();
    explain();
  };
  const repaint = (): void => {
    atHand.show(store.get("query"));
    list.repaint(codeOf(store));
  };
  store.on("query", turn, signal);
  store.on("found", find, signal);
  store.on("findProblem", fail, signal);
  store.on("busy", explain, signal);
  for (const key of ["color", "dark", "words", "hoverColumns"] as const) store.on(key, repaint, signal);
  el.addEventListener("keydown", (event) => trail.press(event), { signal });
  turn();
  find();
};

function codeOf(store: ScopeStore): number {
  const query = store.get("query");
  return query?.kind === "item" ? (colorValue(store, query.row)?.code ?? -1) : -1;
}

function wordsFor(store: ScopeStore, shown: number): string {
  const problem = store.get("findProblem");
  if (problem !== "") return problem;
  if (store.get("query") === null) return "Click a point, or search, to see what lies near it.";
  if (store.get("found")) return shown === 0 ? "Nothing lies near it." : "";
  if (store.get("busy")) return "The kernel is busy; waiting for it…";
  return shown === 0 ? "Looking for what lies near…" : "";
}
