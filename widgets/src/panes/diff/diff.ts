import { element } from "../../dom";
import { cut } from "../../marked";
import type { Query } from "../../source/source";
import type { ScopeStore } from "../../state";
import { colorValue } from "../../value";
import { AtHand } from "../neighbors/at_hand";
import { howMany } from "../neighbors/how_many";
import { Trail } from "../neighbors/trail";
import type { Pane, PaneContext } from "../pane";
import { Columns } from "./columns";
import { dimsSection } from "./dims";
import { changesFilter } from "./filter";
import { FollowChanges, type Standing } from "./follow";
import { verdictOf } from "./verdict";

const MOST_NOTE = 240;
const MOST_PROBLEM = 600;

/** What became of the neighbours of whatever is at hand, from the teacher to the student. */
export const diffPane: Pane = (context: PaneContext): void => {
  const { store, source, el, signal } = context;
  el.setAttribute("aria-label", "Neighbours in both");
  const trail = new Trail(store, source, signal, "Neighbours in both");
  const atHand = new AtHand(store, source, signal);
  const columns = new Columns(store, source, signal);
  const verdict = element("p", { class: "es-diff-verdict" });
  const state = element("p", { class: "es-near-state", role: "status" });
  const note = element("p", { class: "es-hint es-near-note" });
  let standing: Standing = { kind: "nothing" };
  let shown: Query | null = null;

  const explain = (): void => {
    state.textContent = wordsFor(store, standing, columns);
    state.hidden = state.textContent === "";
    state.classList.toggle("es-bad", standing.kind === "failed");
    columns.host.classList.toggle("es-waiting", standing.kind === "waiting");
    summary.hidden = columns.count === 0;
  };
  const filter = changesFilter((onlyChanges) => {
    columns.filter(onlyChanges);
    explain();
  }, signal);
  const summary = element("div", { class: "es-diff-summary" }, verdict, filter);
  const become = (next: Standing): void => {
    standing = next;
    if (next.kind === "nothing" || next.kind === "failed") columns.clear();
    // Until the next ones come the last ones stay, dimmed: nothing jumps.
    if (next.kind === "found") {
      const { changes, query, dims } = next;
      columns.head(dims);
      columns.show(changes, { code: codeOf(store), same: query === shown });
      shown = query;
      verdict.replaceChildren(...verdictOf(changes));
      note.textContent = cut(changes.note, MOST_NOTE);
    }
    note.hidden = columns.count === 0 || note.textContent === "";
    atHand.offer(next.kind === "found" ? next.changes.rows : []);
    explain();
  };
  const repaint = (): void => {
    atHand.show(store.get("query"));
    columns.repaint(codeOf(store));
  };
  const top = element("div", { class: "es-near-top" }, trail.host, howMany(store, signal));
  el.append(top, atHand.host, summary, state, columns.host, note, dimsSection(store, source, signal));
  const follow = new FollowChanges(store, source, become, signal);
  store.on("query", (query) => atHand.show(query), signal);
  store.on("busy", explain, signal);
  store.on("comparison", () => columns.head(store.get("dimsInUse")), signal);
  for (const key of ["color", "dark", "words", "hoverColumns"] as const) store.on(key, repaint, signal);
  el.addEventListener("keydown", (event) => trail.press(event), { signal });
  atHand.show(store.get("query"));
  follow.start();
};

function codeOf(store: ScopeStore): number {
  const query = store.get("query");
  return query?.kind === "item" ? (colorValue(store, query.row)?.code ?? -1) : -1;
}

function wordsFor(store: ScopeStore, standing: Standing, columns: Columns): string {
  if (standing.kind === "failed") return cut(standing.words, MOST_PROBLEM);
  if (standing.kind === "nothing")
    return "Click a point or a heatmap cell, or search, to see which neighbours it keeps, loses and gains.";
  if (standing.kind === "waiting" && store.get("busy")) return "The kernel is busy; waiting for it…";
  if (standing.kind === "waiting") return columns.count === 0 ? "Looking for neighbours in both…" : "";
  if (columns.count === 0) return "Nothing lies near it in either.";
  return columns.shown === 0 ? "Nothing changed: the same neighbours at the same ranks." : "";
}
