import { element } from "../../dom";
import type { DeviceChoice, Job } from "../../model";
import { openProgress } from "./progress";

/** What the run column leaves to the form. */
export interface RunActions {
  start(): void;
  cancel(): void;
}

/** Device, sample, the button, and how the run goes. */
export class RunColumn {
  readonly el: HTMLElement;
  readonly #device = element("select", { class: "es-select" });
  readonly #memory = element("span", { class: "es-hint" });
  readonly #sample = element("input", {
    type: "number",
    class: "es-wb-field",
    min: "1",
    step: "1",
    placeholder: "All items",
    inputmode: "numeric",
  });
  readonly #start = element("button", { type: "button", class: "es-wb-primary" });
  readonly #cancel = element("button", { type: "button", class: "es-wb-secondary" }, "Cancel");
  readonly #plan = element("p", { class: "es-wb-plan", dir: "auto" });
  readonly #settings: HTMLElement;
  readonly #progress = openProgress();
  #devices: readonly DeviceChoice[] = [];

  constructor(actions: RunActions, signal: AbortSignal) {
    const device = element("label", { class: "es-wb-label" }, "Device", this.#device, this.#memory);
    const hint = element("span", { class: "es-hint" }, "Drawn at random, the same each time");
    const sample = element("label", { class: "es-wb-label" }, "Sample", this.#sample, hint);
    this.#settings = element("div", { class: "es-wb-settings" }, device, sample);
    this.el = element(
      "div",
      { class: "es-wb-column es-wb-run" },
      element("h3", { class: "es-wb-heading" }, "Run"),
      this.#settings,
      this.#plan,
      this.#start,
      this.#cancel,
      this.#progress.el,
    );
    this.#start.addEventListener("click", () => actions.start(), { signal });
    this.#cancel.addEventListener("click", () => actions.cancel(), { signal });
    this.#device.addEventListener("change", () => this.#tellMemory(), { signal });
  }

  get device(): string {
    return this.#device.value;
  }

  /** How many items to draw; null: all of them. */
  get sample(): number | null {
    return this.#sample.value === "" ? null : this.#sample.valueAsNumber;
  }

  /** Why the sample cannot be drawn; empty: it can. */
  get sampleProblem(): string {
    // What is no number at all reads as empty.
    const wrong = this.#sample.validity.badInput || !this.#sample.validity.valid;
    return wrong ? "A sample is a whole number from 1, or nothing for all items." : "";
  }

  setDevices(devices: readonly DeviceChoice[]): void {
    const before = this.#device.value;
    this.#devices = devices;
    this.#device.replaceChildren(
      ...devices.map(({ key, title }) => element("option", { value: key }, title)),
    );
    if (devices.some(({ key }) => key === before)) this.#device.value = before;
    this.#tellMemory();
  }

  /** What the button would do, or what is still to choose. */
  plan(words: string, button: string, ready: boolean): void {
    this.#plan.textContent = words;
    this.#start.textContent = button;
    this.#start.disabled = !ready;
  }

  show(job: Job, waiting: string): void {
    const running = job.state === "running";
    const held = this.el.contains(document.activeElement) && document.activeElement?.tagName === "BUTTON";
    this.#start.hidden = running;
    this.#cancel.hidden = !running;
    this.#settings.inert = running;
    this.#progress.show(job, waiting);
    if (held) (running ? this.#cancel : this.#start).focus();
  }

  #tellMemory(): void {
    const memory = this.#devices.find(({ key }) => key === this.#device.value)?.memory;
    this.#memory.textContent = memory || "Its memory is not known";
  }
}
