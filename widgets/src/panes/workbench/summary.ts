import { element } from "../../dom";
import type { Job } from "../../model";
import { copyText } from "./copy";

export interface Summary {
  el: HTMLElement;
  show(job: Job): void;
  focus(): void;
}

/** What the folded form shows: what was done, a way back to the form, and the Python that does the same. */
export function openSummary(change: () => void, signal: AbortSignal): Summary {
  const words = element("p", { class: "es-wb-done", role: "status", dir: "auto" });
  const again = element("button", { type: "button", class: "es-link" }, "Change…");
  const code = element("code", { dir: "ltr", tabindex: "0", "aria-label": "The Python that does the same" });
  const copy = element("button", { type: "button", class: "es-link" }, "Copy");
  const said = element("span", { class: "es-hint", role: "status" });
  const line = element("div", { class: "es-wb-code" }, code, said, copy);
  const el = element("div", { class: "es-wb-summary" }, words, again, line);
  again.addEventListener("click", change, { signal });
  copy.addEventListener("click", () => void tell(), { signal });

  const tell = async (): Promise<void> => {
    const copied = await copyText(code);
    said.textContent = copied ? "Copied" : "Marked: copy it with Ctrl+C or ⌘C";
  };
  const show = ({ stage = "", line: python = "" }: Job): void => {
    words.textContent = stage;
    code.textContent = python;
    said.textContent = "";
  };
  return { el, show, focus: () => again.focus() };
}
