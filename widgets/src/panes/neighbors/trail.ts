import { element, iconButton } from "../../dom";
import { cut } from "../../marked";
import type { Query, Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { walkTo } from "../../walk";

const SHOWN = 3;
const MOST_NAME = 40;

/** The way here: one step back, one forth, and the last steps by name. */
export class Trail {
  readonly host = element("nav", { class: "es-trail", "aria-label": "The way here" });
  #back = iconButton("back", "Back (Backspace)", () => this.walk(-1));
  #forth = iconButton("forward", "Forward (Alt+→)", () => this.walk(1));
  #heading = element("h3", { class: "es-heading" });
  #steps = element("ol", { class: "es-steps" });
  #asked = new AbortController();

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    signal: AbortSignal,
    heading = "Neighbours",
  ) {
    this.#heading.textContent = heading;
    this.host.append(this.#back, this.#forth, this.#heading, this.#steps);
    store.on("query", () => this.#fill(), signal);
    signal.addEventListener("abort", () => this.#asked.abort(), { once: true });
    this.#fill();
  }

  /** Walk some steps; back from nothing leads to where one was. */
  walk(by: number): void {
    walkTo(this.store, this.store.get("step") + (this.#lost && by < 0 ? 0 : by));
  }

  /** Backspace, or alt and an arrow, walk the way here. */
  press(event: KeyboardEvent): void {
    const back = event.key === "Backspace" || (event.altKey && event.key === "ArrowLeft");
    const forth = event.altKey && event.key === "ArrowRight";
    if (!back && !forth) return;
    event.preventDefault();
    event.stopPropagation();
    this.walk(back ? -1 : 1);
  }

  get #lost(): boolean {
    return this.store.get("query") === null;
  }

  #fill(): void {
    this.#asked.abort();
    this.#asked = new AbortController();
    const { store } = this;
    const [trail, step] = [store.get("trail"), store.get("step")];
    this.#back.disabled = !(step > 0 || (this.#lost && step === 0));
    this.#forth.disabled = step >= trail.length - 1;
    const from = Math.max(0, step - SHOWN + 1);
    const steps = trail.length > 1 && !this.#lost ? trail.slice(from, step + 1) : [];
    // Where there is no way yet, the pane's name has its place.
    this.#heading.hidden = steps.length > 0;
    const names = steps.map((query) => element("bdi", {}, nameOf(query)));
    this.#steps.replaceChildren(...names.map((name, i) => this.#step(name, from + i)));
    void this.#name(steps, names, this.#asked.signal);
  }

  #step(name: HTMLElement, place: number): HTMLElement {
    const button = element("button", { type: "button", class: "es-step" }, name);
    if (place === this.store.get("step")) button.setAttribute("aria-current", "step");
    button.addEventListener("click", () => walkTo(this.store, place));
    return element("li", {}, button);
  }

  /** Items have names too, once they are known. */
  async #name(steps: readonly Query[], names: HTMLElement[], signal: AbortSignal): Promise<void> {
    const rows = steps.flatMap((query) => (query.kind === "item" ? [query.row] : []));
    if (rows.length === 0) return;
    // Without names the steps keep their numbers, and what is at hand says why.
    const payloads = await this.source.payload([...new Set(rows)], signal).catch(() => []);
    if (signal.aborted) return;
    for (const { row, title, id } of payloads) {
      steps.forEach((query, i) => {
        if (query.kind === "item" && query.row === row)
          names[i]?.replaceChildren(cut(title || id, MOST_NAME));
      });
    }
  }
}

function nameOf(query: Query): string {
  if (query.kind === "text") return `“${cut(query.text, MOST_NAME)}”`;
  return query.kind === "image" ? cut(query.name, MOST_NAME) : `#${query.row}`;
}
