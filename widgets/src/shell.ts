import { element } from "./dom";
import { keepPlainKeys } from "./keys";
import { diffPane } from "./panes/diff/diff";
import { distributionsPane } from "./panes/distributions/distributions";
import { heatmapPane } from "./panes/heatmap/heatmap";
import { mapPane } from "./panes/map/map";
import { mapsPane } from "./panes/maps/maps";
import { neighborsPane } from "./panes/neighbors/neighbors";
import type { Pane, PaneContext } from "./panes/pane";
import { searchPane } from "./panes/search/search";
import { tablePane } from "./panes/table/table";
import { trainingPane } from "./panes/training/training";
import { openViewer } from "./panes/viewer/viewer";
import { workbenchPane } from "./panes/workbench/workbench";
import { currentTheme, watchTheme } from "./theme";

const PANES: Record<string, Pane> = {
  search: searchPane,
  map: mapPane,
  neighbors: neighborsPane,
  table: tablePane,
  workbench: workbenchPane,
  maps: mapsPane,
  diff: diffPane,
  heatmap: heatmapPane,
  distributions: distributionsPane,
  training: trainingPane,
};

/** Panes that stand in the header, beside the title. */
const IN_HEADER = new Set(["search"]);

/** The frame around the panes: title and facts, theme, and the panel that says what went wrong. */
export function openShell({ store, source, history, el, signal }: Omit<PaneContext, "root">): HTMLElement {
  const title = element("h2", { class: "es-title", dir: "auto" });
  const facts = element("p", { class: "es-facts" });
  const problem = element("div", { class: "es-problem", role: "alert", hidden: "" });
  const body = element("div", { class: "es-panes" });
  const root = element("div", { class: "embedscope" });
  const words = element("div", { class: "es-words" }, title, facts);
  const header = element("div", { class: "es-header" }, words);
  root.append(header, problem, body);
  el.append(root);
  signal.addEventListener("abort", () => root.remove(), { once: true });

  const name = (): void => {
    const universe = store.get("universe");
    title.textContent = universe.title;
    title.hidden = universe.title === "";
    facts.textContent = universe.facts;
    root.setAttribute("role", "region");
    root.setAttribute("aria-label", universe.title || "embedscope");
  };
  const paintTheme = (): void => {
    const theme = currentTheme(store.get("theme"));
    root.dataset.theme = theme.dark ? "dark" : "light";
    root.dataset.host = theme.host;
    store.set("dark", theme.dark);
    root.dispatchEvent(new Event("es-theme"));
  };
  const explain = (): void => {
    problem.textContent = store.get("problem");
    problem.hidden = store.get("problem") === "";
  };
  const size = (): void => root.style.setProperty("--es-height", `${store.get("height")}px`);

  store.on("universe", name, signal);
  store.on("theme", paintTheme, signal);
  store.on("problem", explain, signal);
  store.on("height", size, signal);
  watchTheme(paintTheme, signal);
  keepPlainKeys(root, signal);
  for (const fill of [name, paintTheme, explain, size]) fill();
  const context = { store, source, history, root, signal };
  openPanes(context, header, body);
  openViewer({ ...context, el: root });
  return root;
}

function openPanes(context: Omit<PaneContext, "el">, header: HTMLElement, body: HTMLElement): void {
  const names = context.store.get("panes");
  body.dataset.panes = names.join(" ");
  for (const name of names) {
    const pane = PANES[name];
    const el = element("section", { class: `es-pane es-pane-${name}` });
    (IN_HEADER.has(name) ? header : body).append(el);
    if (pane) pane({ ...context, el });
    else
      context.store.set(
        "problem",
        `This front end has no pane “${name}”; it has ${Object.keys(PANES).join(", ")}.`,
      );
  }
}
