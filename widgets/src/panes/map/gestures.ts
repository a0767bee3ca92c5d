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

const REST_MS = 200;

/**
 * Call back when points of another size would suit an element's area: at once where it has changed much, and after any
 * change once it rests.
 */
export function watchArea(host: HTMLElement, changed: () => void, signal: AbortSignal): void {
  const sizeOf = (): [number, number] => [host.clientWidth, host.clientHeight];
  let [width, height] = sizeOf();
  let rest: ReturnType<typeof setTimeout> | undefined;
  const settle = (): void => {
    clearTimeout(rest);
    const now = sizeOf();
    if (now[0] * now[1] === 0 || (now[0] === width && now[1] === height)) return;
    [width, height] = now;
    changed();
  };
  const observer = new ResizeObserver(() => {
    const [w, h] = sizeOf();
    const much = Math.abs(Math.log((w * h) / Math.max(width * height, 1))) >= 0.3;
    clearTimeout(rest);
    if (much) settle();
    else rest = setTimeout(settle, REST_MS);
  });
  observer.observe(host);
  const end = (): void => {
    clearTimeout(rest);
    observer.disconnect();
  };
  signal.addEventListener("abort", end, { once: true });
}
