import { element } from "../../dom";
import type { ClusterLabel } from "../../model";
import { project, type View } from "./geometry";
import { type Box, placeLabels, type Wanted, wrapName } from "./labels";

interface Name {
  label: ClusterLabel;
  node: HTMLElement;
  width: number;
  height: number;
}

const LINE = 1.2;

/** The cluster names over the map. They are for the eye: the legend holds the same names for screen readers. */
export class Names {
  readonly host = element("div", { class: "es-names", "aria-hidden": "true" });
  #names: Name[] = [];

  #shown: (label: ClusterLabel) => boolean = () => true;
  #view: View | undefined;
  #ruler = document.createElement("canvas").getContext("2d");

  /** Names keep clear of what lies over the map: boxes in its pixels. */
  constructor(private readonly reserved: () => Box[]) {}

  set(labels: readonly ClusterLabel[]): void {
    const bySize = [...labels].sort((a, b) => b.size - a.size);
    const largest = bySize[0]?.size ?? 1;
    this.#names = bySize.map((label) => this.#make(label, largest));
    this.host.replaceChildren(...this.#names.map(({ node }) => node));
    this.#place();
  }

  /** Show only the names that a predicate holds for. */
  only(shown: (label: ClusterLabel) => boolean): void {
    this.#shown = shown;
    this.#place();
  }

  /** Follow the camera. */
  follow(view: View): void {
    this.#view = view;
    this.#place();
  }

  #make(label: ClusterLabel, largest: number): Name {
    const lines = wrapName(label.name);
    const fontSize = 11 + 2.5 * Math.sqrt(label.size / Math.max(largest, 1));
    const node = element("div", { class: "es-name", dir: "auto" });
    node.textContent = lines.join("\n");
    node.style.fontSize = `${fontSize.toFixed(1)}px`;
    const width = Math.max(...lines.map((line) => this.#measure(line, fontSize))) + 4;
    return { label, node, width, height: lines.length * fontSize * LINE + 2 };
  }

  #measure(line: string, fontSize: number): number {
    if (!this.#ruler) return line.length * fontSize * 0.6;
    this.#ruler.font = `600 ${fontSize}px ${getComputedStyle(this.host).fontFamily || "sans-serif"}`;
    return this.#ruler.measureText(line).width;
  }

  #place(): void {
    const view = this.#view;
    if (!view) return;
    const candidates = this.#names.filter(({ label }) => this.#shown(label));
    const wanted = candidates.map(({ label, width, height }): Wanted => {
      const [x, y] = project(view, label.x, label.y);
      return { x, y, width, height };
    });
    const places = new Map(
      placeLabels(wanted, { ...view, reserved: this.reserved() }).map((place, i) => [candidates[i], place]),
    );
    for (const name of this.#names) {
      const place = places.get(name);
      name.node.classList.toggle("es-shown", place !== undefined);
      if (place) name.node.style.transform = `translate(${place.x}px, ${place.y}px) translate(-50%, -50%)`;
    }
  }
}
