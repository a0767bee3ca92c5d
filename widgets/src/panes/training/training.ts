import { element } from "../../dom";
import type { Pane } from "../pane";
import { Bar } from "./bar";
import { openCharts } from "./charts";
import { openMapRoom } from "./map_room";
import { openPreparing } from "./preparing";
import { openSaid } from "./said";
import { hasBegun } from "./words";

/** A training run as it goes: its state and the hand on it, its curves, and the map of its net. */
export const trainingPane: Pane = (context) => {
  const { store, source, el, signal } = context;
  let problem = "";
  const complain = (words: string): void => {
    problem = words;
    show();
  };
  const bar = new Bar(source, complain, signal);
  const said = openSaid();
  const preparing = openPreparing();
  const charts = openCharts(context);
  const left = element("div", { class: "es-train-left" }, preparing.host, charts);
  const body = element("div", { class: "es-train-body" }, left, openMapRoom(context));
  el.setAttribute("aria-label", "Training run");
  el.append(bar.host, said.host, body);

  const show = (): void => {
    const training = store.get("training");
    bar.show(training);
    said.show(training, problem);
    preparing.show(training);
    charts.hidden = !hasBegun(training);
  };
  store.on("training", show, signal);
  show();
};
