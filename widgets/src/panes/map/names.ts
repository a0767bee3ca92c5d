import { element } from "../../dom";
import type { ClusterLabel } from "../../model";
import { project, type View } from "./geometry";
import { type Box, boxAround, placeLabels, type Wanted, wrapName } from "./labels";

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
  #zoom = 1;
  #boxes: Box[] = [];
  #ruler = document.createElement("canvas").getContext("2d");

  /** Names keep clear of what lies over the map: boxes in its pixels. */
  constructor(private readonly reserved: () => Box[]) {}

  set(labels: readonly ClusterLabel[]): void {
    // Coarse names go first, so that a finer one never takes their place.
    const byRank = [...labels].sort((a, b) => a.min_zoom - b.min_zoom || b.size - a.size);
    const coarsest = byRank[0]?.min_zoom ?? 1;
    const largest = byRank.reduce((most, { size }) => Math.max(most, size), 1);
    this.#names = byRank.map((label) => this.#make(label, largest, label.min_zoom <= coarsest));
    this.host.replaceChildren(...this.#names.map(({ node }) => node));
    this.#place();
  }

  /** Where names stand. */
  get boxes(): readonly Box[] {
    return this.#boxes;
  }

  /** Show only the names that a predicate holds for. */
  only(shown: (label: ClusterLabel) => boolean): void {
    this.#shown = shown;
    this.#place();
  }

  /** Follow the camera; zoom is how many times nearer one is than where everything is in sight. */
  follow(view: View, zoom: number): void {
    this.#view = view;
    // Of the whole map and a little more, one sees what one sees of the whole map.
    this.#zoom = Math.max(1, zoom * 1.001);
    this.#place();
  }

  #make(label: ClusterLabel, largest: number, coarse: boolean): Name {
    const lines = wrapName(label.name);
    const fontSize = 11 + (coarse ? 2.5 : 1) * Math.sqrt(label.size / largest);
    const node = element("div", { class: coarse ? "es-name es-coarse" : "es-name", dir: "auto" });
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
    const candidates = this.#names.filter(({ label }) => inDepth(label, this.#zoom) && this.#shown(label));
    const wanted = candidates.map(({ label, width, height }): Wanted => {
      const [x, y] = project(view, label.x, label.y);
      return { x, y, width, height };
    });
    const places = new Map(
      placeLabels(wanted, { ...view, reserved: this.reserved() }).map((place, i) => [candidates[i], place]),
    );
    this.#boxes = [];
    for (const name of this.#names) {
      const place = places.get(name);
      name.node.classList.toggle("es-shown", place !== undefined);
      if (!place) continue;
      const { x, y } = place;
      name.node.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
      this.#boxes.push(boxAround(x, y, name));
    }
  }
}

function inDepth({ min_zoom, max_zoom }: ClusterLabel, zoom: number): boolean {
  return min_zoom <= zoom && (max_zoom === null || zoom < max_zoom);
}
