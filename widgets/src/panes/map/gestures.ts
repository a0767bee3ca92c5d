/**
 * Let the page scroll past the map: a wheel zooms only once the pointer has moved over it, so that a notebook that is being
 * scrolled is not caught by a map that comes under the pointer.
 */
export function wheelOnlyWhenMeant(stage: HTMLElement, signal: AbortSignal): void {
  let meant = false;
  const mean = ({ movementX, movementY }: PointerEvent): void => {
    if (movementX !== 0 || movementY !== 0) meant = true;
  };
  stage.addEventListener("pointermove", mean, { signal });
  for (const sure of ["pointerdown", "focusin"]) {
    stage.addEventListener(
      sure,
      () => {
        meant = true;
      },
      { signal },
    );
  }
  stage.addEventListener(
    "pointerleave",
    () => {
      meant = stage.contains(document.activeElement);
    },
    { signal },
  );
  stage.addEventListener(
    "wheel",
    (event) => {
      if (!meant) event.stopPropagation();
    },
    { signal, capture: true },
  );
}

/** A notebook takes shift and the mouse for selecting cells, and then swallows every move: keep such a press on the map. */
export function keepShiftDrags(stage: HTMLElement, signal: AbortSignal): void {
  stage.addEventListener("mousedown", (event) => event.shiftKey && event.stopPropagation(), { signal });
}

/** Call back when a drag on the map starts and when it ends. */
export function watchDrags(
  stage: HTMLElement,
  dragged: (dragging: boolean) => void,
  signal: AbortSignal,
): void {
  stage.addEventListener("pointerdown", () => dragged(true), { signal });
  for (const over of ["pointerup", "pointercancel"]) {
    window.addEventListener(over, () => dragged(false), { signal });
  }
}

/** Call back when an element's area has changed so much that points of another size would suit it. */
export function watchArea(host: HTMLElement, changed: () => void, signal: AbortSignal): void {
  let area = host.clientWidth * host.clientHeight;
  const observer = new ResizeObserver(() => {
    const now = host.clientWidth * host.clientHeight;
    if (now === 0 || Math.abs(Math.log(now / Math.max(area, 1))) < 0.3) return;
    area = now;
    changed();
  });
  observer.observe(host);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
