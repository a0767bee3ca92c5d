import { element } from "../../dom";
import type { Job } from "../../model";
import { progressWords, share } from "./words";

export interface Progress {
  el: HTMLElement;
  /** `waiting` says what a run waits for that has not begun. */
  show(job: Job, waiting: string): void;
}

/** Stage, bar and numbers of a run; the words of a run that was cancelled stay. */
export function openProgress(): Progress {
  const stage = element("p", { class: "es-wb-stage", role: "status", dir: "auto" });
  const fill = element("div", { class: "es-wb-fill" });
  const bar = element("div", { class: "es-wb-bar", role: "progressbar", "aria-valuemin": "0" }, fill);
  const numbers = element("p", { class: "es-hint es-wb-numbers" });
  const el = element("div", { class: "es-wb-progress" }, stage, bar, numbers);

  const show = (job: Job, waiting: string): void => {
    const running = job.state === "running";
    const told = running || job.state === "cancelled" ? (job.stage ?? "") : "";
    const words = running ? told : waiting || told;
    // A live region is read aloud when it is set: only when it says something new.
    if (stage.textContent !== words) stage.textContent = words;
    bar.hidden = !running;
    numbers.textContent = running ? progressWords(job) : "";
    fillBar(bar, fill, job);
  };
  return { el, show };
}

function fillBar(bar: HTMLElement, fill: HTMLElement, job: Job): void {
  const part = share(job);
  bar.classList.toggle("es-unknown", part === null);
  bar.setAttribute("aria-label", job.stage || "Progress");
  bar.setAttribute("aria-valuetext", progressWords(job) || "under way");
  fill.style.inlineSize = part === null ? "" : `${100 * part}%`;
  if (part === null) {
    bar.removeAttribute("aria-valuenow");
    bar.removeAttribute("aria-valuemax");
  } else {
    bar.setAttribute("aria-valuenow", String(job.done ?? 0));
    bar.setAttribute("aria-valuemax", String(job.total ?? 0));
  }
}
