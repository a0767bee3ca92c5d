import { element } from "../../dom";
import { count } from "../../format";
import type { Training } from "../../model";

const LOG = "\nThe end of ";

/** What went wrong, and what the run noted. */
export function openSaid(): { host: HTMLElement; show(training: Training, problem: string): void } {
  const problem = element("p", { class: "es-train-problem", role: "alert", dir: "auto", hidden: "" });
  const log = element("pre", {
    class: "es-train-log",
    dir: "ltr",
    tabindex: "0",
    "aria-label": "End of the log",
  });
  const logged = element(
    "details",
    { class: "es-train-more", hidden: "" },
    element("summary", {}, "The end of its log"),
    log,
  );
  const latest = element("summary", { class: "es-train-latest" });
  const list = element("ul", { class: "es-train-notes" });
  const notes = element("details", { class: "es-train-more", hidden: "" }, latest, list);
  const host = element("div", { class: "es-train-said" }, problem, logged, notes);

  const show = ({ error = "", notes: said = [] }: Training, own: string): void => {
    const [words = "", ...rest] = error.split(LOG);
    const whole = [own, words].filter((each) => each !== "").join("\n");
    // A live region is read aloud when it is set: only when it says something new.
    if (problem.textContent !== whole) problem.textContent = whole;
    problem.hidden = whole === "";
    const tail = rest.join(LOG);
    logged.hidden = tail === "";
    if (log.textContent !== tail) log.textContent = tail;
    notes.hidden = said.length === 0;
    const last = said.at(-1);
    const many = said.length === 1 ? "Note" : `${count(said.length)} notes, the last`;
    latest.replaceChildren(`${many}: `, bdi(last?.text ?? ""));
    list.replaceChildren(
      ...said.map(({ step, text }) =>
        element("li", {}, ...(step === null ? [] : [`step ${count(step)}: `]), bdi(text)),
      ),
    );
    host.hidden = problem.hidden && logged.hidden && notes.hidden;
  };
  return { host, show };
}

function bdi(text: string): HTMLElement {
  return element("bdi", {}, text);
}
