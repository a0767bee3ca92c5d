import { element } from "../../dom";

export interface Popover {
  host: HTMLElement;
  button: HTMLButtonElement;
  close(): void;
}

/** A button that shows a small panel beside itself; Escape, a click elsewhere or a focus elsewhere closes it. */
export function popover(
  label: string,
  content: HTMLElement,
  root: HTMLElement,
  signal: AbortSignal,
): Popover {
  const button = element("button", { type: "button", class: "es-link es-popper" }, label);
  const panel = element(
    "div",
    { class: "es-popped", role: "group", "aria-label": label, hidden: "" },
    content,
  );
  const host = element("div", { class: "es-popover" }, button, panel);
  const show = (shown: boolean): void => {
    panel.hidden = !shown;
    button.setAttribute("aria-expanded", String(shown));
    if (!shown) return;
    panel.classList.remove("es-up");
    const below = panel.getBoundingClientRect().bottom > root.getBoundingClientRect().bottom;
    panel.classList.toggle("es-up", below);
    panel.querySelector<HTMLElement>("input, button")?.focus();
  };
  const close = (): void => {
    const focused = panel.matches(":focus-within");
    show(false);
    if (focused) button.focus();
  };
  const leave = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && !host.contains(event.relatedTarget)) show(false);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  const elsewhere = (event: PointerEvent): void => {
    if (!panel.hidden && !event.composedPath().includes(host)) show(false);
  };
  button.addEventListener("click", () => show(panel.hidden !== false), { signal });
  host.addEventListener("focusout", leave, { signal });
  host.addEventListener("keydown", press, { signal });
  document.addEventListener("pointerdown", elsewhere, { signal, capture: true });
  show(false);
  return { host, button, close };
}
