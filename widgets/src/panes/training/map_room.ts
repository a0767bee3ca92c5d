import { element } from "../../dom";
import { count } from "../../format";
import { openLegend } from "../map/legend";
import { openMap } from "../map/map";
import type { PaneContext } from "../pane";
import { Moving } from "./moving";
import { openScrubber } from "./scrubber";
import { mapWords, noMapWords } from "./words";

/** Every map lies in this box: nothing jumps from one step to the next. */
const FRAME = { x: -1, y: -1, width: 2, height: 2 };

/** The map of the net at a step, with its legend and the steps to choose from. */
export function openMapRoom(context: PaneContext): HTMLElement {
  const { store, signal } = context;
  const none = element("p", { class: "es-train-none", role: "status", dir: "auto" });
  const stage = element("div", { class: "es-train-stage" });
  const body = element("div", { class: "es-train-mapped" }, stage, openLegend(store, signal));
  const words = element("p", { class: "es-hint es-train-map-words", dir: "auto" });
  const foot = element("div", { class: "es-train-foot" }, openScrubber(store, signal), words);
  const host = element(
    "section",
    { class: "es-train-map", "aria-label": "Map of the net" },
    none,
    body,
    foot,
  );
  let opened = false;

  const open = (): void => {
    opened = true;
    const moving = new Moving(store, signal);
    const name = (): string => `the net at step ${count(store.get("training").maps?.shown ?? 0)}`;
    const frame = (rows?: Uint32Array) => (rows ? undefined : FRAME);
    openMap({ ...context, store: moving.store, el: stage }, { name, legend: false, steps: true, frame });
  };
  const show = (): void => {
    const { n } = store.get("universe");
    const training = store.get("training");
    const there = n > 0 && store.get("coords").length === 2 * n;
    if (there && !opened) open();
    const why = there ? "" : noMapWords(training);
    if (none.textContent !== why) none.textContent = why;
    none.hidden = there;
    for (const part of [body, foot]) part.hidden = !there;
    words.textContent = there ? mapWords(n, training) : "";
  };
  for (const key of ["training", "universe", "coords"] as const) store.on(key, show, signal);
  show();
  return host;
}
