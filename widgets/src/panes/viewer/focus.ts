const STOPS =
  "a[href], button:not([disabled]):not([hidden]), input, select, textarea, [tabindex]:not([tabindex='-1'])";

/** Keep the focus in a dialog while it is open, and give it back to where it was when the signal aborts. */
export function keepFocus(
  dialog: HTMLElement,
  root: HTMLElement,
  signal: AbortSignal,
  attach: () => void,
): void {
  const page = root.getRootNode() as Document | ShadowRoot;
  const before = page.activeElement;
  const behind = [...root.children].filter((node): node is HTMLElement => node instanceof HTMLElement);
  attach();
  for (const node of behind) node.inert = true;
  dialog.focus();
  dialog.addEventListener("keydown", (event) => turn(event, dialog, page), { signal });
  const giveBack = (): void => {
    for (const node of behind) node.inert = false;
    if (before instanceof HTMLElement && root.contains(before)) before.focus({ preventScroll: true });
  };
  signal.addEventListener("abort", giveBack, { once: true });
}

/** The Tab key goes around: from the last stop to the first, and back. */
function turn(event: KeyboardEvent, dialog: HTMLElement, page: Document | ShadowRoot): void {
  if (event.key !== "Tab") return;
  const stops = [...dialog.querySelectorAll<HTMLElement>(STOPS)];
  const [first, last] = [stops[0], stops.at(-1)];
  const at = page.activeElement;
  const next = event.shiftKey
    ? at === first || at === dialog
      ? last
      : undefined
    : at === last
      ? first
      : undefined;
  if (!next) return;
  event.preventDefault();
  next.focus();
}
