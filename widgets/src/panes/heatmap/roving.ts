import type { ScopeStore } from "../../state";

/** One stop for the Tab key in a list of anchors and terms, arrows within; pointer and focus show the item on the maps. */
export function roveThrough(list: HTMLElement, store: ScopeStore, signal: AbortSignal): void {
  const lineOf = (target: EventTarget | null): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>("[data-row]") : null;
  const hover = (target: EventTarget | null): void =>
    store.set("hover", Number(lineOf(target)?.dataset.row ?? -1));
  list.addEventListener("pointerover", (event) => hover(event.target), { signal });
  list.addEventListener("pointerleave", () => store.set("hover", -1), { signal });
  list.addEventListener("focusout", () => store.set("hover", -1), { signal });
  list.addEventListener("focusin", (event) => focus(event), { signal });
  list.addEventListener("keydown", (event) => press(event), { signal });

  const focus = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return;
    stopAt(list, target);
    if (target.matches(":focus-visible")) hover(target);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const line = lineOf(event.target);
    if (line && act(event.key, line, list, store)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

function stopAt(list: HTMLElement, target: HTMLElement): void {
  if (!target.matches(".es-heat-walk")) return;
  for (const walk of walks(list)) walk.setAttribute("tabindex", walk === target ? "0" : "-1");
}

/** Whether the key meant something here. */
function act(key: string, line: HTMLElement, list: HTMLElement, store: ScopeStore): boolean {
  const shown = walks(list).filter((walk) => walk.checkVisibility());
  const at = shown.findIndex((walk) => walk.parentElement === line);
  const places: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: shown.length - 1,
  };
  const next = places[key];
  if (next !== undefined) shown[Math.max(0, Math.min(shown.length - 1, next))]?.focus();
  else if (key === "ArrowRight") expand(line, true);
  else if (key === "ArrowLeft") expand(line, false);
  else if (key === "o") store.set("opened", Number(line.dataset.row));
  else return false;
  return true;
}

/** From within an anchor's terms the anchor is closed, and has the focus again. */
function expand(line: HTMLElement, expanded: boolean): void {
  const anchor = line.closest<HTMLElement>(".es-heat-anchor");
  const toggle = anchor?.querySelector<HTMLElement>(".es-heat-toggle");
  if (!toggle || (toggle.getAttribute("aria-expanded") === "true") === expanded) return;
  if (anchor !== line) anchor?.querySelector<HTMLElement>(".es-heat-walk")?.focus();
  toggle.click();
}

function walks(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(".es-heat-walk")];
}
