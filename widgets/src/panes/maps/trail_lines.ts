import { element } from "../../dom";
import type { ScopeStore } from "../../state";
import { colorValue } from "../../value";
import { project, type View } from "../map/geometry";
import type { Overlay } from "../map/options";
import { perFrame } from "../map/soon";
import { namesOf } from "./slider";
import { type Trails, trailsOf } from "./trails";

const SVG = "http://www.w3.org/2000/svg";
const DOT = 2.2;

/** Thin lines over the map from the teacher's places to the student's, each ending in a dot. */
export class TrailLines implements Overlay {
  readonly host = element("div", { class: "es-trails" });
  readonly words = element("p", { class: "es-trails-words", role: "status" });
  readonly #svg = document.createElementNS(SVG, "svg");
  #trails: Trails | undefined;
  #view: View | undefined;
  #on = false;
  #shown = false;
  /** The view that the lines were drawn for; empty: other lines are to be drawn. */
  #drawn = "";

  constructor(
    private readonly store: ScopeStore,
    /** Whether this map goes from one to the other. */
    private readonly morphs: () => boolean,
    signal: AbortSignal,
  ) {
    this.#svg.setAttribute("aria-hidden", "true");
    this.host.append(this.#svg, this.words);
    const renew = perFrame(() => this.#renew(), signal);
    const chosenBy = [
      "selection",
      "query",
      "found",
      "color",
      "dark",
      "isolated",
      "coords",
      "coordsB",
    ] as const;
    for (const key of chosenBy) store.on(key, renew, signal);
    store.on("morph", () => this.refresh(), signal);
    this.refresh();
  }

  /** Show them whether or not the map is on its way. */
  show(on: boolean): void {
    this.#on = on;
    this.refresh();
  }

  /** Look again whether there is something to show. */
  refresh(): void {
    const morph = this.store.get("morph");
    const possible = this.morphs() && (this.#on || (morph > 0 && morph < 1));
    if (possible) this.#trails ??= trailsOf(this.store);
    const trails = possible ? this.#trails : undefined;
    this.#shown = trails !== undefined && trails.rows.length > 0 && (this.#on || trails.chosen);
    this.host.classList.toggle("es-shown", this.#shown);
    this.#say(this.#shown && trails ? trails.of : "");
    this.#draw();
  }

  follow(view: View): void {
    this.#view = view;
    this.#draw();
  }

  #renew(): void {
    this.#trails = undefined;
    this.#drawn = "";
    this.refresh();
  }

  #say(of: string): void {
    const words = of && `Trails of ${of}; the dots are at ${namesOf(this.store)[1]}`;
    if (this.words.textContent !== words) this.words.textContent = words;
  }

  #draw(): void {
    const view = this.#view;
    if (!this.#shown || !this.#trails || !view) return;
    // Both ends lie still while the points go from the one to the other.
    const seen = `${Array.from(view.matrix).join()} ${view.width} ${view.height}`;
    if (seen === this.#drawn) return;
    this.#drawn = seen;
    const colored = [...this.#byColor(view)];
    this.#svg.style.setProperty("--es-strength", strengthOf(this.#trails.rows.length));
    this.#svg.replaceChildren(
      ...colored.map(([color, { lines }]) => path("es-trails-lines", lines, color)),
      ...colored.map(([color, { dots }]) => path("es-trails-dots", dots, color)),
    );
  }

  /** One path for all trails of a colour: five hundred nodes would be slow to follow the camera. */
  #byColor(view: View): Map<string, { lines: string; dots: string }> {
    const [from, to] = [this.store.get("coords"), this.store.get("coordsB")];
    const colored = new Map<string, { lines: string; dots: string }>();
    for (const row of this.#trails?.rows ?? []) {
      const color = colorValue(this.store, row)?.color ?? "";
      const drawn = colored.get(color) ?? { lines: "", dots: "" };
      const start = placeOf(view, from, row);
      const end = placeOf(view, to, row);
      drawn.lines += `M${start}L${end}`;
      drawn.dots += `M${end}m${-DOT} 0a${DOT} ${DOT} 0 1 0 ${2 * DOT} 0a${DOT} ${DOT} 0 1 0 ${-2 * DOT} 0`;
      colored.set(color, drawn);
    }
    return colored;
  }
}

/** The more lines there are, the fainter each is. */
function strengthOf(count: number): string {
  return Math.min(0.75, 4 / Math.sqrt(count)).toFixed(2);
}

function placeOf(view: View, coords: Float32Array, row: number): string {
  const [x, y] = project(view, coords[2 * row] ?? 0, coords[2 * row + 1] ?? 0);
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}

function path(name: string, d: string, color: string): SVGPathElement {
  const made = document.createElementNS(SVG, "path");
  made.setAttribute("class", name);
  made.setAttribute("d", d);
  if (color !== "") made.style.setProperty("--es-trail", color);
  return made;
}
