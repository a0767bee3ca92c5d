import { element } from "../../dom";
import type { Job } from "../../model";
import type { Action } from "../../source/source";
import type { Pane, PaneContext } from "../pane";
import { Form } from "./form";
import { openSummary, type Summary } from "./summary";

const BUSY = "The kernel is busy; the run starts as soon as it is free.";

/** Pick data and an encoder, run, and see how it goes; done, it folds to one line over the explorer. */
export const workbenchPane: Pane = (context) => {
  new WorkbenchPane(context);
};

class WorkbenchPane {
  readonly #problem = element("div", { class: "es-problem es-wb-problem", role: "alert", hidden: "" });
  readonly #form: Form;
  readonly #summary: Summary;
  #unfolded = false;
  /** What the kernel refused, until the next try. */
  #refused = "";
  /** A start that the kernel has not answered yet. */
  #starting = false;

  constructor(private readonly context: PaneContext) {
    const { store, el, signal } = context;
    const refresh = (): void => void this.#act({ kind: "refresh_workbench" });
    const cancel = (): void => void this.#act({ kind: "cancel_job" });
    this.#form = new Form({ start: () => void this.#start(), cancel, refresh }, signal);
    this.#summary = openSummary(() => this.#unfold(), signal);
    el.append(this.#form.el, this.#problem, this.#summary.el);
    store.on("job", (job) => this.#follow(job), signal);
    store.on("busy", () => this.#paint(), signal);
    store.on("workbench", (choices) => this.#form.setChoices(choices), signal);
    this.#form.setChoices(store.get("workbench"));
    this.#paint();
  }

  async #act(action: Action): Promise<void> {
    const { source, signal } = this.context;
    this.#refused = "";
    this.#paint();
    try {
      await source.act(action, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#refused = error instanceof Error ? error.message : String(error);
    }
    this.#paint();
  }

  async #start(): Promise<void> {
    if (this.#starting) return;
    const { order } = this.#form;
    if (typeof order === "string") {
      this.#refused = order;
      this.#paint();
      return;
    }
    this.#starting = true;
    await this.#act(order);
    this.#starting = false;
    this.#paint();
  }

  #unfold(): void {
    this.#unfolded = true;
    void this.#act({ kind: "refresh_workbench" });
    this.#form.focus();
  }

  #follow({ state }: Job): void {
    if (state === "running") {
      this.#unfolded = false;
      this.#refused = "";
    }
    this.#paint();
  }

  #paint(): void {
    const { store, el } = this.context;
    const job = store.get("job");
    const folded = job.state === "done" && !this.#unfolded;
    const held = el.contains(document.activeElement);
    this.#summary.show(job);
    this.#summary.el.hidden = !folded;
    this.#form.el.hidden = folded;
    this.#form.show(job, this.#waitsFor());
    this.#explain(job);
    // The button that had the focus is gone with the form.
    if (folded && held && !el.contains(document.activeElement)) this.#summary.focus();
  }

  #waitsFor(): string {
    if (!this.#starting) return "";
    return this.context.store.get("busy") ? BUSY : "Starting";
  }

  #explain({ state, error = "" }: Job): void {
    const words = this.#refused || (state === "failed" ? error : "");
    // An alert is read aloud when it is set: only when it says something new.
    if (this.#problem.textContent !== words) this.#problem.textContent = words;
    this.#problem.hidden = words === "";
  }
}
