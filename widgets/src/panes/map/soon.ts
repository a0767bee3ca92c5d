/** Run once for all the changes of one moment: a new colour comes with new choices and labels. */
export function soon(work: () => void, signal: AbortSignal): () => void {
  let planned = false;
  return () => {
    if (planned) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      if (!signal.aborted) work();
    });
  };
}

/** Run at once, and for all further changes of the same animation frame once more in the next. */
export function perFrame(work: () => void, signal: AbortSignal): () => void {
  let frame = 0;
  let again = false;
  const next = (): void => {
    frame = 0;
    if (again) run();
  };
  const run = (): void => {
    again = false;
    frame = requestAnimationFrame(next);
    work();
  };
  signal.addEventListener("abort", () => cancelAnimationFrame(frame), { once: true });
  return () => {
    if (signal.aborted) return;
    if (frame === 0) run();
    else again = true;
  };
}

/** Call back at the first of many steps, and once there was none for a while. */
export function stirring(changed: (stirs: boolean) => void, ms: number, signal: AbortSignal): () => void {
  let rest: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(rest), { once: true });
  return () => {
    if (rest === undefined) changed(true);
    clearTimeout(rest);
    rest = setTimeout(() => {
      rest = undefined;
      changed(false);
    }, ms);
  };
}
