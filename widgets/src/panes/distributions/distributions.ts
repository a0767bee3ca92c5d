import { element } from "../../dom";
import { cut } from "../../marked";
import type { ScopeStore } from "../../state";
import type { Pane, PaneContext } from "../pane";
import { Asking } from "./asking";
import { type Choice, choicesOf, chosenOf } from "./choices";
import { Head } from "./head";
import { Opened } from "./opened";
import { Plots } from "./plots";
import { kindFigures, namesOf, separationFigures } from "./words";

const MOST_TITLE = 60;
const MOST_PROBLEM = 600;

/** How the distances of pairs lie in two spaces, and which pairs stand in a bin. */
export const distributionsPane: Pane = ({ store, source, el, root, signal }: PaneContext): void => {
  el.setAttribute("aria-label", "Distances");
  const show = (): void => {
    const { data } = asking;
    const choices = choicesOf(data?.kinds ?? [], asking.items);
    const choice = chosenOf(choices, head.chosen.kind, head.chosen.view === "joint");
    head.offer(choices, choice);
    say(head, asking, choice);
    const kinds = choice
      ? choice.kinds.flatMap((name) => data?.kinds.find(({ kind }) => kind === name) ?? [])
      : [];
    const names = namesOf(store.get("comparison").names);
    plots.show(data && choice ? { data, kinds, chosen: head.chosen, names, items: asking.items } : null);
    body.classList.toggle("es-waiting", asking.waiting);
    body.hidden = data === null;
    state.tell(stateWords(store, asking), asking.problem !== "");
  };
  const head = new Head(show, signal);
  const plots = new Plots((bin) => store.set("bin", bin), signal);
  const asking = new Asking(
    store,
    source,
    () => {
      if (asking.waiting || !openKind(store, asking)) opened.drop();
      show();
    },
    signal,
  );
  const close = (): void => {
    const bin = store.get("bin");
    const within = opened.list.host.matches(":focus-within");
    store.set("bin", null);
    if (bin && within) plots.focus(bin);
  };
  const opened = new Opened(store, source, asking, close, signal);
  const state = stateLine(() => void asking.ask(), signal);
  const body = element("div", { class: "es-dist-body" }, plots.host, opened.list.host);
  el.append(head.host, state.host, plots.legend, body);

  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || store.get("bin") === null) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  el.addEventListener("keydown", press, { signal });
  root.addEventListener("es-theme", () => plots.draw(), { signal });
  store.on("bin", (bin) => plots.mark(bin), signal);
  store.on("busy", show, signal);
  void asking.ask();
};

/** False where the bin at hand is of a kind that is gone. */
function openKind(store: ScopeStore, { data }: Asking): boolean {
  const bin = store.get("bin");
  return bin === null || (data?.kinds.some(({ kind }) => kind === bin.kind) ?? false);
}

function say(head: Head, { data, aside }: Asking, choice: Choice | undefined): void {
  if (!data || !choice) {
    head.say([], []);
    return;
  }
  const kinds = data.kinds.filter(({ kind }) => choice.kinds.includes(kind));
  const own = kinds.length === 1 && kinds[0] ? kindFigures(kinds[0], data.unit) : [];
  const separation = separationFigures(data).slice(0, own.length > 0 ? 1 : 2);
  const labels = data.separation && data.title !== "" ? `Labels: ${cut(data.title, MOST_TITLE)}` : "";
  const sampling = [...new Set(kinds.map((kind) => kind.sampling))];
  head.say([...own, ...separation], aside === "" ? [...sampling, labels] : [aside]);
}

function stateWords(store: ScopeStore, { data, waiting, problem }: Asking): string {
  if (problem !== "") return problem;
  if (waiting && store.get("busy")) return "The kernel is busy; waiting for it…";
  if (waiting) return data ? "" : "Counting pairs…";
  return data && data.kinds.length === 0 ? "There are no pairs to measure." : "";
}

interface StateLine {
  host: HTMLElement;
  tell(words: string, bad: boolean): void;
}

function stateLine(retry: () => void, signal: AbortSignal): StateLine {
  const words = element("p", { class: "es-near-state", role: "status", dir: "auto" });
  const again = element("button", { type: "button", class: "es-link es-dist-again" }, "Try again");
  again.addEventListener("click", retry, { signal });
  const host = element("div", { class: "es-dist-state" }, words, again);
  const tell = (said: string, bad: boolean): void => {
    words.textContent = cut(said, MOST_PROBLEM);
    words.classList.toggle("es-bad", bad);
    again.hidden = !bad;
    host.hidden = said === "";
  };
  return { host, tell };
}
