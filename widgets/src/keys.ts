const SUPPRESS = "data-lm-suppress-shortcuts";

/**
 * Keep plain keys from JupyterLab while the focus is in the widget: in its command mode "d d" deletes the cell and "0 0"
 * restarts the kernel. Keys with a modifier, such as the one that saves, stay the notebook's. JupyterLab looks for this mark
 * on the focused element itself, from a listener on the document: it must be there before.
 */
export function keepPlainKeys(root: HTMLElement, signal: AbortSignal): void {
  const mark = (event: KeyboardEvent): void => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || !root.contains(target)) return;
    const modified =
      event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
    target.toggleAttribute(SUPPRESS, !modified);
  };
  window.addEventListener("keydown", mark, { capture: true, signal });
}
