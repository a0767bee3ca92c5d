import { element } from "../../dom";
import { cut } from "../../marked";
import type { HeatmapLayer } from "../../source/source";
import type { ScopeStore } from "../../state";
import { openProgress } from "../workbench/progress";
import type { Phase } from "./asking";

const MOST_PROBLEM = 600;

/** What stands over the picture while there is none: how far a pass is, that it was cancelled, or what went wrong. */
export class State {
  readonly host = element("div", { class: "es-heat-state", hidden: "" });
  #progress = openProgress();
  #words = element("p", { class: "es-heat-words", role: "status", dir: "auto" });
  #button = element("button", { type: "button", class: "es-link" });
  #phase: Phase = { kind: "cancelled" };

  constructor(
    private readonly store: ScopeStore,
    acts: { cancel(): void; compute(): void },
    signal: AbortSignal,
  ) {
    this.host.append(element("div", { class: "es-heat-card" }, this.#progress.el, this.#words, this.#button));
    const act = (): void => (this.#phase.kind === "waiting" ? acts.cancel() : acts.compute());
    this.#button.addEventListener("click", act, { signal });
    store.on("job", () => this.#follow(), signal);
  }

  show(phase: Phase): void {
    this.#phase = phase;
    const waiting = phase.kind === "waiting";
    this.host.hidden = phase.kind === "here";
    this.#progress.el.hidden = !waiting;
    this.#words.hidden = waiting;
    this.#words.textContent = wordsFor(phase);
    this.#words.classList.toggle("es-bad", phase.kind === "failed");
    this.#button.textContent = { waiting: "Cancel", failed: "Try again" }[phase.kind as string] ?? "Compute";
    this.#follow();
  }

  #follow(): void {
    if (this.#phase.kind === "waiting")
      this.#progress.show(this.store.get("job"), waitingFor(this.#phase.layer));
  }
}

function wordsFor(phase: Phase): string {
  if (phase.kind === "failed") return cut(phase.words, MOST_PROBLEM);
  return phase.kind === "cancelled" ? "Cancelled; nothing was computed." : "";
}

function waitingFor(layer: HeatmapLayer): string {
  return layer === "js"
    ? "Jensen–Shannon takes a second pass over all pairs…"
    : "Comparing the neighbourhoods of teacher and student…";
}
