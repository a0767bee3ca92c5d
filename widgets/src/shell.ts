import { element } from "./dom";
import { keepPlainKeys } from "./keys";
import { mapPane } from "./panes/map/map";
import type { Pane, PaneContext } from "./panes/pane";
import { currentTheme, watchTheme } from "./theme";

const PANES: Record<string, Pane> = { map: mapPane };

/** The frame around the panes: title and facts, theme, and the panel that says what went wrong. */
export function openShell({ store, source, el, signal }: Omit<PaneContext, "root">): HTMLElement {
  const title = element("h2", { class: "es-title", dir: "auto" });
  const facts = element("p", { class: "es-facts" });
  const problem = element("div", { class: "es-problem", role: "alert", hidden: "" });
  const body = element("div", { class: "es-panes" });
  const root = element("div", { class: "embedscope" });
  root.append(element("header", { class: "es-header" }, title, facts), problem, body);
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
  openPanes({ store, source, el: body, root, signal });
  return root;
}

function openPanes(context: PaneContext): void {
  for (const name of context.store.get("panes")) {
    const pane = PANES[name];
    const el = element("section", { class: `es-pane es-pane-${name}` });
    context.el.append(el);
    if (pane) pane({ ...context, el });
    else
      context.store.set(
        "problem",
        `This front end has no pane “${name}”; it has ${Object.keys(PANES).join(", ")}.`,
      );
  }
}
