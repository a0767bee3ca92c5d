import { element } from "../../dom";
import { cut } from "../../marked";
import type { Choice } from "./choices";
import type { CountKind } from "./scales";
import type { Figure } from "./words";

export type View = "histograms" | "joint";

/** What a person has chosen to see. */
export interface Chosen {
  kind: string;
  view: View;
  counts: CountKind;
}

const MOST_NOTE = 240;

/** The heading, what can be chosen, and the numbers. */
export class Head {
  readonly host = element("div", { class: "es-dist-head" });
  readonly chosen: Chosen = { kind: "", view: "histograms", counts: "linear" };
  #kinds = element("select", { class: "es-select es-dist-kinds", "aria-label": "Kind of pairs" });
  #figures = element("dl", { class: "es-dist-figures" });
  #note = element("p", { class: "es-hint es-dist-note" });
  #view: HTMLElement;
  #counts: HTMLElement;

  constructor(changed: () => void, signal: AbortSignal) {
    const { chosen } = this;
    const chooseView = (view: View): void => {
      chosen.view = view;
      changed();
    };
    const chooseCounts = (counts: CountKind): void => {
      chosen.counts = counts;
      changed();
    };
    this.#view = choice("View", { histograms: "Histograms", joint: "Joint" }, chooseView, signal);
    this.#counts = choice("Counts", { linear: "Linear", log: "Log" }, chooseCounts, signal);
    const choose = (): void => {
      chosen.kind = this.#kinds.value;
      changed();
    };
    this.#kinds.addEventListener("change", choose, { signal });
    const title = element("h3", { class: "es-heading" }, "Distances");
    const bar = element("div", { class: "es-dist-bar-top" }, title, this.#kinds, this.#view, this.#counts);
    this.host.append(bar, element("div", { class: "es-dist-said" }, this.#figures, this.#note));
  }

  /** What is offered, and which of it is shown. */
  offer(choices: readonly Choice[], shown: Choice | undefined): void {
    const { view, counts } = this.chosen;
    const offered = view === "joint" ? choices.filter(({ kinds }) => kinds.length === 1) : choices;
    const options = offered.map(({ key, title }) => element("option", { value: key }, title));
    const same =
      options.length === this.#kinds.options.length &&
      options.every(({ value, text }, i) => {
        const now = this.#kinds.options[i];
        return now?.value === value && now.text === text;
      });
    // An open menu would close when its options are replaced.
    if (!same) this.#kinds.replaceChildren(...options);
    this.#kinds.value = shown?.key ?? "";
    this.#kinds.disabled = offered.length === 0;
    press(this.#view, view);
    press(this.#counts, view === "joint" ? "log" : counts);
    for (const button of this.#counts.querySelectorAll("button")) {
      button.disabled = view === "joint";
      button.title = view === "joint" ? "Colours of the joint view are always logarithmic" : "";
    }
  }

  say(figures: readonly Figure[], notes: readonly string[]): void {
    const parts = figures.map(({ name, value, about }) => {
      const figure = element("div", { title: about });
      figure.append(element("dt", {}, name), element("dd", {}, value));
      return figure;
    });
    this.#figures.replaceChildren(...parts);
    this.#figures.hidden = parts.length === 0;
    const said = notes.filter((note) => note !== "").map((note) => cut(note, MOST_NOTE));
    // Each for itself: marks that turn the reading direction end with their own words.
    this.#note.replaceChildren(
      ...said.flatMap((note, i) => [...(i > 0 ? [" · "] : []), element("bdi", {}, note)]),
    );
    this.#note.title = this.#note.textContent;
  }
}

function choice<Key extends string>(
  label: string,
  titles: Record<Key, string>,
  choose: (key: Key) => void,
  signal: AbortSignal,
): HTMLElement {
  const host = element("div", { class: "es-dist-choice", role: "group", "aria-label": label });
  for (const key of Object.keys(titles) as Key[]) {
    const button = element(
      "button",
      { type: "button", class: "es-mode", "aria-pressed": "false" },
      titles[key],
    );
    button.dataset.key = key;
    button.addEventListener("click", () => choose(key), { signal });
    host.append(button);
  }
  return host;
}

function press(host: HTMLElement, key: string): void {
  for (const button of host.querySelectorAll<HTMLElement>("button"))
    button.setAttribute("aria-pressed", String(button.dataset.key === key));
}
