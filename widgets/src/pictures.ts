/** The object URLs of a pane's pictures: made when shown, given back when the pane shows others or closes. */
export class Pictures {
  #urls = new Set<string>();

  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => this.release(), { once: true });
  }

  show(image: HTMLImageElement, blob: Blob): void {
    const url = URL.createObjectURL(blob);
    this.#urls.add(url);
    image.src = url;
  }

  release(): void {
    for (const url of this.#urls) URL.revokeObjectURL(url);
    this.#urls.clear();
  }
}
