import { element } from "../../dom";
import type { PaneContext } from "../pane";
import { ChartView } from "./chart";
import { type Chart, chartsOf, stepRange } from "./curves";
import { goTo } from "./scrubber";

/** Loss, Recall@1 and KL one below the other, over the same steps and read at the same one. */
export function openCharts({ store, root, signal }: PaneContext): HTMLElement {
  const host = element("div", { class: "es-train-charts" });
  const views = new Map<Chart["key"], ChartView>();
  const events = {
    point: (step: number | null): void => {
      for (const view of views.values()) view.read(step);
    },
    pick: (step: number): void => goTo(store, step),
  };

  const viewOf = (key: Chart["key"]): ChartView => {
    const view = views.get(key) ?? new ChartView(events, signal);
    views.set(key, view);
    return view;
  };

  const show = (): void => {
    const training = store.get("training");
    const charts = chartsOf(training);
    const range = stepRange(charts);
    const best = training.best?.step ?? null;
    const shown = training.maps?.shown ?? null;
    const hosts = charts.map(({ key }) => viewOf(key).host);
    // Only what changed is put in anew: the focus stays where it is.
    if (hosts.length !== host.children.length || hosts.some((each, i) => each !== host.children[i])) {
      host.replaceChildren(...hosts);
    }
    charts.forEach((chart, i) => {
      const marks = { range, best, shown, axis: i === charts.length - 1, dark: store.get("dark") };
      viewOf(chart.key).show(chart, marks);
    });
  };
  store.on("training", show, signal);
  root.addEventListener("es-theme", show, { signal });
  show();
  return host;
}
