import { wordsOf } from "../../complaint";
import { element } from "../../dom";
import type { Training } from "../../model";
import type { Source } from "../../source/source";
import { bestWords, type Command, commandsOf, detailWords, stateWords } from "./words";

const BUTTONS: Record<Command, { words: string; title: string }> = {
  pause: { words: "Pause", title: "Wait after the present step, with all its memory kept" },
  resume: { words: "Resume", title: "Go on: from where it waits, or from its last checkpoint" },
  stop: { words: "Stop", title: "End after the present step with a checkpoint; Resume goes on from it" },
};

/** How the run stands, how far it is, and the hand on it. */
export class Bar {
  readonly #state = element("span", { class: "es-train-state", role: "status" });
  readonly #dot = element("span", { class: "es-train-light", "aria-hidden": "true" });
  readonly #detail = element("span", { class: "es-train-detail" });
  readonly #best = element("span", { class: "es-train-detail" });
  readonly #fill = element("div", { class: "es-train-fill" });
  readonly #track = element(
    "div",
    { class: "es-train-track", role: "progressbar", "aria-label": "Steps done", "aria-valuemin": "0" },
    this.#fill,
  );
  readonly #buttons = new Map<Command, HTMLButtonElement>();
  readonly host: HTMLElement;
  #asking = false;

  constructor(
    private readonly source: Source,
    /** What could not be told to the run; empty: all is well. */
    private readonly complain: (words: string) => void,
    private readonly signal: AbortSignal,
  ) {
    const tools = element("div", { class: "es-train-tools", role: "group", "aria-label": "The run" });
    for (const command of Object.keys(BUTTONS) as Command[]) tools.append(this.#button(command));
    const words = element(
      "div",
      { class: "es-train-words" },
      this.#dot,
      this.#state,
      this.#detail,
      this.#best,
    );
    this.host = element("div", { class: "es-train-bar" }, words, tools, this.#track);
  }

  show(training: Training): void {
    const words = stateWords(training);
    if (this.#state.textContent !== words) this.#state.textContent = words;
    this.host.dataset.state = training.state ?? "";
    this.#detail.textContent = detailWords(training);
    this.#best.textContent = bestWords(training);
    this.#fillTrack(training);
    this.#offer(commandsOf(training));
  }

  #button(command: Command): HTMLButtonElement {
    const { words, title } = BUTTONS[command];
    const button = element("button", { type: "button", class: "es-train-button", title }, words);
    button.addEventListener("click", () => void this.#tell(command), { signal: this.signal });
    this.#buttons.set(command, button);
    return button;
  }

  async #tell(want: Command): Promise<void> {
    if (this.#asking) return;
    this.#hold(true);
    try {
      await this.source.act({ kind: "control_run", want }, this.signal);
      this.complain("");
    } catch (error) {
      if (!this.signal.aborted) this.complain(wordsOf(error));
    } finally {
      this.#hold(false);
    }
  }

  #hold(asking: boolean): void {
    this.#asking = asking;
    for (const button of this.#buttons.values()) button.setAttribute("aria-disabled", String(asking));
  }

  /** A button that goes while it has the focus hands it on. */
  #offer(commands: readonly Command[]): void {
    const held = [...this.#buttons.values()].find((button) => button === document.activeElement);
    for (const [command, button] of this.#buttons) button.hidden = !commands.includes(command);
    const [first] = commands;
    if (held?.hidden && first) this.#buttons.get(first)?.focus();
  }

  #fillTrack({ step = 0, total }: Training): void {
    this.#track.hidden = !total;
    this.#fill.style.inlineSize = `${total ? Math.min(100, (100 * step) / total) : 0}%`;
    this.#track.setAttribute("aria-valuemax", String(total ?? 0));
    this.#track.setAttribute("aria-valuenow", String(Math.min(step, total ?? 0)));
  }
}
