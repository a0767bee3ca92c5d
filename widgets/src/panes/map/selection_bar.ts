import { element, icon } from "../../dom";
import { count, percent } from "../../format";
import { NO_ROWS, type ScopeStore } from "../../state";

/** Says how much is selected, and offers to look closer or to let go. */
export function openSelectionBar(store: ScopeStore, zoomTo: () => void, signal: AbortSignal): HTMLElement {
  const words = element("span", { class: "es-selected", role: "status" });
  const zoom = element("button", { type: "button", class: "es-link" }, "Zoom to");
  const clear = element(
    "button",
    {
      type: "button",
      class: "es-tool es-clear",
      "aria-label": "Clear the selection",
      title: "Clear the selection (Esc)",
    },
    icon("close"),
  );
  const bar = element("div", { class: "es-selection" }, words, zoom, clear);
  zoom.addEventListener("click", zoomTo, { signal });
  clear.addEventListener("click", () => store.set("selection", NO_ROWS), { signal });
  const fill = (): void => {
    const chosen = store.get("selection").length;
    bar.classList.toggle("es-shown", chosen > 0);
    bar.inert = chosen === 0;
    words.textContent =
      chosen > 0 ? `${count(chosen)} selected · ${percent(chosen, store.get("universe").n)}` : "";
  };
  store.on("selection", fill, signal);
  store.on("universe", fill, signal);
  fill();
  return bar;
}
