import type { ScopeStore } from "../../state";
import { ask } from "../../walk";

/** Pointer and keys on a table's rows: a click asks for neighbours, hovering shows the point, O opens the original. */
export function walkRows(body: HTMLElement, store: ScopeStore, signal: AbortSignal): void {
  const lineAt = (event: Event): HTMLElement | null =>
    event.target instanceof Element ? event.target.closest<HTMLElement>("tr") : null;
  const rowAt = (event: Event): number => Number(lineAt(event)?.dataset.row ?? -1);
  const walk = (row: number): void => {
    if (row >= 0) ask(store, { kind: "item", row });
  };
  const move = (from: HTMLElement, to: Element | null): void => {
    if (!(to instanceof HTMLElement)) return;
    from.setAttribute("tabindex", "-1");
    to.setAttribute("tabindex", "0");
    to.focus();
  };
  const focus = (event: FocusEvent): void => {
    const line = lineAt(event);
    if (!line) return;
    for (const other of body.querySelectorAll('tr[tabindex="0"]')) other.setAttribute("tabindex", "-1");
    line.setAttribute("tabindex", "0");
    if (line.matches(":focus-visible")) store.set("hover", rowAt(event));
  };
  const press = (event: KeyboardEvent): void => {
    const line = lineAt(event);
    if (!line || event.target !== line || event.ctrlKey || event.metaKey || event.altKey) return;
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(line, line.nextElementSibling),
      ArrowUp: () => move(line, line.previousElementSibling),
      Home: () => move(line, body.firstElementChild),
      End: () => move(line, body.lastElementChild),
      Enter: () => walk(rowAt(event)),
      o: () => store.set("opened", rowAt(event)),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  body.addEventListener("click", (event) => walk(rowAt(event)), { signal });
  body.addEventListener("dblclick", (event) => store.set("opened", rowAt(event)), { signal });
  body.addEventListener("pointerover", (event) => store.set("hover", rowAt(event)), { signal });
  body.addEventListener("pointerleave", () => store.set("hover", -1), { signal });
  body.addEventListener("focusin", focus, { signal });
  body.addEventListener("focusout", () => store.set("hover", -1), { signal });
  body.addEventListener("keydown", press, { signal });
}
