import { element, icon } from "../../dom";

/** How two maps are looked at. */
export type Way = "one" | "side";

const WAYS: { way: Way; words: string; hint: string }[] = [
  { way: "one", words: "One map", hint: "One map that goes from the teacher's places to the student's" },
  { way: "side", words: "Side by side", hint: "The teacher's map beside the student's" },
];

/** The two ways to look, one of them chosen. */
export function openWays(
  choose: (way: Way) => void,
  signal: AbortSignal,
): { host: HTMLElement; show(way: Way): void } {
  const buttons = WAYS.map(({ way, words, hint }) => {
    const button = element("button", { type: "button", class: "es-mode", title: hint }, words);
    button.addEventListener("click", () => choose(way), { signal });
    return button;
  });
  const host = element("div", { class: "es-ways", role: "group", "aria-label": "How to look" }, ...buttons);
  const show = (now: Way): void => {
    for (const [i, { way }] of WAYS.entries()) buttons[i]?.setAttribute("aria-pressed", String(way === now));
  };
  return { host, show };
}

/** Whether trails are shown while the map stands still. */
export function openTrailsToggle(show: (on: boolean) => void, signal: AbortSignal): HTMLButtonElement {
  const hint =
    "Lines from the teacher's places to the student's: of what is selected or at hand, else of what moves most";
  const attributes = {
    type: "button",
    class: "es-mode es-trails-toggle",
    title: hint,
    "aria-pressed": "false",
  };
  const button = element("button", attributes, icon("trails"), element("span", {}, "Trails"));
  const toggle = (): void => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    show(on);
  };
  button.addEventListener("click", toggle, { signal });
  return button;
}
