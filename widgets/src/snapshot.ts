/** Where Jupyter puts a cell's outputs, and one of them. Other hosts give each output a frame of its own. */
const AREA = ".jp-OutputArea";
const OUTPUT = ".jp-OutputArea-child";
const PNG = "data:image/png;base64,";
/** What `small_png.py` writes right behind the header of the file. */
const MARK = "tEXtSource\0embedscope";

/** While a view lives, hide the picture of it that stands in the next output; no other picture is touched. */
export function hideSnapshot(el: HTMLElement, signal: AbortSignal): void {
  let hidden: HTMLElement | undefined;
  const show = (): void => {
    hidden?.style.removeProperty("display");
    hidden = undefined;
  };
  const watch = new MutationObserver(() => follow());
  const follow = (): void => {
    const next = nextOutput(el);
    if (hidden !== next || !isSnapshot(next)) show();
    if (isSnapshot(next)) {
      hidden = next;
      next.style.display = "none";
    }
    watch.disconnect();
    const area = el.closest(AREA);
    if (area) watch.observe(area, { childList: true });
    // A picture that is drawn again may come as a new image, or in a new output.
    if (next) watch.observe(next, { childList: true, subtree: true });
  };
  // Hosts render a view before they put it on the page: it has a size once it is there.
  const placed = new ResizeObserver(() => follow());
  placed.observe(el);
  const end = (): void => {
    placed.disconnect();
    watch.disconnect();
    show();
  };
  signal.addEventListener("abort", end, { once: true });
}

function nextOutput(el: HTMLElement): HTMLElement | undefined {
  const next = el.closest(OUTPUT)?.nextElementSibling;
  return next instanceof HTMLElement && next.matches(OUTPUT) ? next : undefined;
}

function isSnapshot(output: HTMLElement | undefined): output is HTMLElement {
  const images = output?.querySelectorAll("img") ?? [];
  const [image] = images;
  return images.length === 1 && image !== undefined && isMarked(image.src);
}

function isMarked(address: string): boolean {
  // 4 characters are 3 bytes; the mark ends at byte 58.
  const head = address.startsWith(PNG) ? address.slice(PNG.length, PNG.length + 80) : "";
  try {
    return atob(head).startsWith(MARK, 37);
  } catch {
    // Not what a PNG begins with: somebody else's image.
    return false;
  }
}
