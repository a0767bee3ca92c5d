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

/** Run once for all the changes of one animation frame. */
export function perFrame(work: () => void, signal: AbortSignal): () => void {
  let planned = 0;
  signal.addEventListener("abort", () => cancelAnimationFrame(planned), { once: true });
  return () => {
    if (planned !== 0 || signal.aborted) return;
    planned = requestAnimationFrame(() => {
      planned = 0;
      work();
    });
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
