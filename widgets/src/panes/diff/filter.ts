import { element } from "../../dom";

/** All neighbours, or only those that changed: a choice of two. */
export function changesFilter(chosen: (onlyChanges: boolean) => void, signal: AbortSignal): HTMLElement {
  const buttons = ["All", "Only changes"].map((words) =>
    element("button", { type: "button", class: "es-diff-choice", "aria-pressed": "false" }, words),
  );
  const choose = (place: number): void => {
    for (const [i, button] of buttons.entries()) button.setAttribute("aria-pressed", String(i === place));
    chosen(place === 1);
  };
  for (const [i, button] of buttons.entries()) button.addEventListener("click", () => choose(i), { signal });
  buttons[0]?.setAttribute("aria-pressed", "true");
  const attributes = {
    class: "es-diff-choices es-diff-filter",
    role: "group",
    "aria-label": "Which neighbours",
  };
  return element("div", attributes, ...buttons);
}
