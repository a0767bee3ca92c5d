import { element } from "../../dom";
import type { Side, Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { Curve } from "./curve";
import { dimsWords, nameOf, SIDES } from "./heads";
import { Curves, wordsOf } from "./measured";
import { readingOf } from "./scale";
import { DimsSlider } from "./slider";

/** How many of its first dims each side is looked at by, and how many neighbours they keep. */
class Dims {
  readonly host = element("section", { class: "es-dims", "aria-label": "Dims" });
  #sides: HTMLButtonElement[];
  #now = element("span", { class: "es-dims-now" });
  #open = element("button", { type: "button", class: "es-link" });
  #hint = element("p", { class: "es-hint es-dims-hint" });
  #body = element("div", { class: "es-dims-body" });
  #reading = element("span", { class: "es-dims-reading" });
  #retry = element("button", { type: "button", class: "es-link" }, "Ask again");
  #all = element("button", { type: "button", class: "es-link" }, "All dims");
  #curve: Curve;
  #slider: DimsSlider;
  #curves: Curves;
  #side: Side = "student";
  #opened = new Set<Side>();
  #pointed: number | null = null;
  #spaces = "";

  constructor(
    private readonly store: ScopeStore,
    source: Source,
    signal: AbortSignal,
  ) {
    this.#curves = new Curves(source, () => this.#fill(), signal);
    const point = (dims: number | null): void => {
      this.#pointed = dims;
      this.#read();
    };
    this.#curve = new Curve({ point, choose: (dims) => this.#use(dims) }, signal);
    this.#slider = new DimsSlider((dims) => this.#use(dims), signal);
    this.#sides = SIDES.map((side) => this.#choice(side, signal));
    this.#assemble();
    this.#open.addEventListener("click", () => this.#toggle(), { signal });
    this.#retry.addEventListener("click", () => this.#curves.retry(this.#side), { signal });
    this.#all.addEventListener("click", () => this.#use(this.#full), { signal });
    store.on("dimsInUse", () => this.#fill(), signal);
    store.on("comparison", () => this.#compare(), signal);
    this.#compare();
  }

  #assemble(): void {
    const sides = element(
      "div",
      { class: "es-diff-choices", role: "group", "aria-label": "Whose dims" },
      ...this.#sides,
    );
    const title = element("h3", { class: "es-heading" }, "Dims");
    const words = element("div", { class: "es-dims-words" }, this.#reading, this.#retry);
    this.#body.append(words, this.#curve.host, this.#slider.host);
    const top = element("div", { class: "es-dims-top" }, title, sides, this.#now, this.#all, this.#open);
    this.host.append(top, this.#hint, this.#body);
  }

  get #place(): number {
    return SIDES.indexOf(this.#side);
  }

  get #full(): number {
    return this.store.get("comparison").dims?.[this.#place] ?? 0;
  }

  get #dims(): number {
    const used = this.store.get("dimsInUse")[this.#place] ?? 0;
    return used > 0 ? Math.min(used, this.#full) : this.#full;
  }

  get #trained(): boolean {
    return this.store.get("comparison").matryoshka?.[this.#place] ?? false;
  }

  /** Facts of the same spaces may change too, such as what groups their items: then all stays as it is. */
  #compare(): void {
    const { names, dims, matryoshka } = this.store.get("comparison");
    const spaces = JSON.stringify([names, dims, matryoshka]);
    if (spaces !== this.#spaces) this.#begin(matryoshka ?? [false, false]);
    this.#spaces = spaces;
    this.#fill();
  }

  /** A side whose encoder was trained to be cut is open from the start, and shown first. */
  #begin(trained: [boolean, boolean]): void {
    this.#opened = new Set(SIDES.filter((_, i) => trained[i]));
    this.#side = trained[0] && !trained[1] ? "teacher" : "student";
    this.#curves.forget();
    if (this.#spaces !== "") this.store.set("dimsInUse", [0, 0]);
  }

  #choice(side: Side, signal: AbortSignal): HTMLButtonElement {
    const button = element("button", { type: "button", class: "es-diff-choice", "data-dims-of": side });
    const choose = (): void => {
      this.#side = side;
      this.#fill();
    };
    button.addEventListener("click", choose, { signal });
    return button;
  }

  #toggle(): void {
    if (!this.#opened.delete(this.#side)) this.#opened.add(this.#side);
    this.#fill();
  }

  #use(dims: number): void {
    const used = dims >= this.#full ? 0 : dims;
    const [teacher, student] = this.store.get("dimsInUse");
    if ((this.#side === "teacher" ? teacher : student) === used) return;
    this.store.set("dimsInUse", this.#side === "teacher" ? [used, student] : [teacher, used]);
  }

  #fill(): void {
    this.host.hidden = this.#full === 0;
    if (this.#full === 0) return;
    const open = this.#opened.has(this.#side);
    const name = nameOf(this.store, this.#side);
    this.#sides.forEach((button, i) => {
      const side = SIDES[i] as Side;
      button.replaceChildren(element("bdi", {}, nameOf(this.store, side)));
      button.title = nameOf(this.store, side);
      button.setAttribute("aria-pressed", String(side === this.#side));
    });
    const fewer = this.#dims < this.#full;
    this.#now.textContent = fewer && !open ? dimsWords(this.#full, this.#dims) : "";
    this.#all.hidden = !fewer;
    this.#open.textContent = open ? "Hide" : this.#trained ? "Fewer dims" : "Try fewer dims";
    this.#open.setAttribute("aria-expanded", String(open));
    this.#hint.replaceChildren(
      element("bdi", {}, name),
      " was not trained for it: its first dims need not stand alone.",
    );
    this.#hint.hidden = this.#trained;
    this.#body.hidden = !open;
    if (open) this.#read();
  }

  /** What the curve says of the dims in use, or of those that the pointer is at. */
  #read(): void {
    const measured = this.#curves.of(this.#side);
    const curve = measured.kind === "found" ? measured.curve : null;
    const dims = this.#dims;
    this.#curve.show(curve, dims, this.#full);
    this.#reading.textContent = wordsOf(measured, this.#pointed ?? dims);
    this.#reading.title = curve ? `Against the full vectors, ${curve.sampling}` : "";
    this.#reading.classList.toggle("es-bad", measured.kind === "failed");
    this.#retry.hidden = measured.kind !== "failed";
    const spoken = [dimsWords(this.#full, dims), ...(curve ? [readingOf(curve, dims)] : [])].join(", ");
    this.#slider.show(dims, this.#full, { name: nameOf(this.store, this.#side), words: spoken });
  }
}

export function dimsSection(store: ScopeStore, source: Source, signal: AbortSignal): HTMLElement {
  return new Dims(store, source, signal).host;
}
