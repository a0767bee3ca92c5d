import { element, icon, iconButton } from "../../dom";
import { count } from "../../format";
import { NEWEST, type ScopeStore } from "../../state";
import { nearest } from "./geometry";

const PLAY_MS = 700;

/** Show the map that is nearest to a step; the newest one goes on following. */
export function goTo(store: ScopeStore, step: number): void {
  const steps = store.get("training").maps?.steps ?? [];
  const place = nearest(steps, step);
  if (place >= 0) store.set("mapStep", place === steps.length - 1 ? NEWEST : (steps[place] as number));
}

/** The slider over the steps that have a map, a button that runs through them, and one that follows the newest. */
export function openScrubber(store: ScopeStore, signal: AbortSignal): HTMLElement {
  const range = element("input", {
    type: "range",
    class: "es-range",
    min: "0",
    step: "1",
    "aria-label": "Step of the map",
  });
  const words = element("span", { class: "es-train-at" });
  const newest = element("button", { type: "button", class: "es-mode" }, "Newest");
  newest.title = "Follow the newest map";
  const play = new Player(store, signal);
  const stepsOf = (): number[] => store.get("training").maps?.steps ?? [];

  const follow = (): void => {
    const steps = stepsOf();
    const wanted = store.get("mapStep");
    const last = steps.length - 1;
    const place = wanted === NEWEST ? last : nearest(steps, wanted);
    range.max = String(Math.max(0, last));
    range.value = String(Math.max(0, place));
    range.style.setProperty("--es-share", String(last > 0 ? place / last : 1));
    const at = steps[place];
    words.textContent = at === undefined ? "" : `step ${count(at)}`;
    range.setAttribute("aria-valuetext", words.textContent);
    newest.setAttribute("aria-pressed", String(wanted === NEWEST));
    for (const part of [range, play.button]) part.disabled = steps.length < 2;
  };
  range.addEventListener(
    "input",
    () => {
      play.stop();
      goTo(store, stepsOf()[range.valueAsNumber] ?? NEWEST);
    },
    { signal },
  );
  newest.addEventListener(
    "click",
    () => {
      play.stop();
      store.set("mapStep", NEWEST);
    },
    { signal },
  );
  store.on("training", follow, signal);
  store.on("mapStep", follow, signal);
  follow();
  return element("div", { class: "es-train-scrubber" }, play.button, range, words, newest);
}

/** Runs through the maps from the first to the newest. */
class Player {
  readonly button: HTMLButtonElement;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly store: ScopeStore,
    signal: AbortSignal,
  ) {
    this.button = iconButton("play", "", () => (this.#timer === undefined ? this.#start() : this.stop()));
    signal.addEventListener("abort", () => this.stop(), { once: true });
    this.#show();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#show();
  }

  #start(): void {
    let place = 0;
    const next = (): void => {
      const steps = this.store.get("training").maps?.steps ?? [];
      const step = steps[place++];
      if (step !== undefined) goTo(this.store, step);
      if (place >= steps.length) this.stop();
    };
    this.#timer = setInterval(next, PLAY_MS);
    this.#show();
    next();
  }

  #show(): void {
    const plays = this.#timer !== undefined;
    const words = plays ? "Stop here" : "Run through the steps";
    this.button.replaceChildren(icon(plays ? "stop" : "play"));
    this.button.setAttribute("aria-label", words);
    this.button.title = words;
  }
}
