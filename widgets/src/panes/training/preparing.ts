import { element } from "../../dom";
import type { Job, Training } from "../../model";
import { openProgress } from "../workbench/progress";
import { hasBegun } from "./words";

const STARTING = "Its process starts and loads the net…";
const FIRST = "The first validation, before the first step…";
const NOTHING = "It ended before its first step.";

/** What a run does before its first step. */
export function openPreparing(): { host: HTMLElement; show(training: Training): void } {
  const progress = openProgress();
  const host = element("div", { class: "es-train-preparing" }, progress.el);
  const show = (training: Training): void => {
    host.hidden = hasBegun(training);
    if (!host.hidden) progress.show(jobOf(training), wordsOf(training));
  };
  return { host, show };
}

function jobOf({ progress }: Training): Job {
  if (!progress) return {};
  const { stage, done, total, unit, note, rate, remaining_s } = progress;
  const words = note === "" ? stage : `${stage} · ${note}`;
  return { state: "running", stage: words, done, total, unit: unit && `${unit}s`, rate, remaining_s };
}

function wordsOf({ state, domains = [] }: Training): string {
  if (state !== "running" && state !== "paused") return NOTHING;
  return domains.some(({ train }) => train !== null) ? FIRST : STARTING;
}
