import { element } from "../../dom";
import { count } from "../../format";
import { nearestTo, shareOf, stepped, stopsOf } from "./scale";

/** A slider of dims on a logarithmic scale: it is drawn from stop to stop, and keys step by one. */
export class DimsSlider {
  readonly host = element("div", { class: "es-dims-slider" });
  #input = element("input", { type: "range", class: "es-dims-range", min: "0", max: "1", step: "any" });
  #ticks = element("div", { class: "es-dims-ticks", "aria-hidden": "true" });
  #dims = 1;
  #full = 1;

  constructor(chosen: (dims: number) => void, signal: AbortSignal) {
    this.host.append(this.#input, this.#ticks);
    const draw = (): void => {
      const dims = nearestTo(Number(this.#input.value), stopsOf(this.#full), this.#full);
      this.#input.value = String(shareOf(dims, this.#full));
      chosen(dims);
    };
    const press = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const dims = stepped(event.key, this.#dims, this.#full);
      if (dims === undefined) return;
      event.preventDefault();
      chosen(dims);
    };
    this.#input.addEventListener("input", draw, { signal });
    this.#input.addEventListener("keydown", press, { signal });
  }

  show(dims: number, full: number, { name, words }: { name: string; words: string }): void {
    if (full !== this.#full || this.#ticks.childElementCount === 0) this.#mark(full);
    this.#dims = dims;
    this.#full = full;
    this.#input.value = String(shareOf(dims, full));
    this.#input.setAttribute("aria-label", `Dims of ${name}`);
    this.#input.setAttribute("aria-valuetext", words);
  }

  #mark(full: number): void {
    const ticks = stopsOf(full).filter((stop) => stop === full || shareOf(stop, full) < 0.92);
    const labels = ticks.map((stop) => {
      const label = element("span", {}, count(stop));
      label.style.setProperty("--es-share", String(shareOf(stop, full)));
      return label;
    });
    this.#ticks.replaceChildren(...labels);
  }
}
