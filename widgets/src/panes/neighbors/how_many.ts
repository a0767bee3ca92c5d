import { element } from "../../dom";
import { count } from "../../format";
import type { ScopeStore } from "../../state";

const HOW_MANY = [6, 12, 25, 50];

/** The menu of how many neighbours are asked for. */
export function howMany(store: ScopeStore, signal: AbortSignal): HTMLElement {
  const menu = element("select", { class: "es-select es-how-many", "aria-label": "How many neighbours" });
  const fill = (): void => {
    const now = store.get("nNeighbors");
    const choices = [...new Set([...HOW_MANY, now])].sort((a, b) => a - b);
    menu.replaceChildren(...choices.map((k) => element("option", { value: String(k) }, count(k))));
    menu.value = String(now);
  };
  menu.addEventListener("change", () => store.set("nNeighbors", Number(menu.value)), { signal });
  store.on("nNeighbors", fill, signal);
  fill();
  return menu;
}
