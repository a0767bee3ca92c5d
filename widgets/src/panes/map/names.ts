import { element } from "../../dom";
import type { ClusterLabel } from "../../model";
import { project, type View } from "./geometry";
import { type Box, boxAround, placeLabels, type Wanted, wrapName } from "./labels";

interface Name {
  label: ClusterLabel;
  /** Its place among the labels. */
  index: number;
  node: HTMLElement;
  width: number;
  height: number;
  /** Where it stands beside its point; undefined where it has no room. */
  beside: { dx: number; dy: number } | undefined;
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
  #held = false;
  #ruler = document.createElement("canvas").getContext("2d");

  /** Names keep clear of what lies over the map: boxes in its pixels. */
  constructor(private readonly reserved: () => Box[]) {}

  set(labels: readonly ClusterLabel[]): void {
    // Coarse names go first, so that a finer one never takes their place.
    const byRank = [...labels.entries()].sort(([, a], [, b]) => a.min_zoom - b.min_zoom || b.size - a.size);
    const coarsest = byRank[0]?.[1].min_zoom ?? 1;
    const largest = labels.reduce((most, { size }) => Math.max(most, size), 1);
    this.#names = byRank.map(([index, label]) => ({
      ...this.#make(label, largest, label.min_zoom <= coarsest),
      index,
    }));
    this.host.replaceChildren(...this.#names.map(({ node }) => node));
    this.#place();
  }

  /** The same names lie elsewhere; false where they are others. */
  move(labels: readonly ClusterLabel[]): boolean {
    const same = ({ label, index }: Name): boolean => labels[index]?.name === label.name;
    if (labels.length !== this.#names.length || !this.#names.every(same)) return false;
    for (const name of this.#names) name.label = labels[name.index] ?? name.label;
    this.#place();
    return true;
  }

  /** While they are held, no name comes or goes: those in sight go along with their points. */
  hold(held: boolean): void {
    this.#held = held;
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

  #make(label: ClusterLabel, largest: number, coarse: boolean): Omit<Name, "index"> {
    const lines = wrapName(label.name);
    const fontSize = 11 + (coarse ? 2.5 : 1) * Math.sqrt(label.size / largest);
    const node = element("div", { class: coarse ? "es-name es-coarse" : "es-name", dir: "auto" });
    node.textContent = lines.join("\n");
    node.style.fontSize = `${fontSize.toFixed(1)}px`;
    const width = Math.max(...lines.map((line) => this.#measure(line, fontSize))) + 4;
    return { label, node, width, height: lines.length * fontSize * LINE + 2, beside: undefined };
  }

  #measure(line: string, fontSize: number): number {
    if (!this.#ruler) return line.length * fontSize * 0.6;
    this.#ruler.font = `600 ${fontSize}px ${getComputedStyle(this.host).fontFamily || "sans-serif"}`;
    return this.#ruler.measureText(line).width;
  }

  #place(): void {
    const view = this.#view;
    if (!view) return;
    if (this.#held) this.#goAlong(view);
    else this.#placeAnew(view);
  }

  #goAlong(view: View): void {
    for (const { label, node, beside } of this.#names) {
      if (!beside) continue;
      const [x, y] = project(view, label.x, label.y);
      putAt(node, x + beside.dx, y + beside.dy);
    }
  }

  #placeAnew(view: View): void {
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
      name.beside = undefined;
      if (!place) continue;
      const [x, y] = project(view, name.label.x, name.label.y);
      name.beside = { dx: place.x - x, dy: place.y - y };
      putAt(name.node, place.x, place.y);
      this.#boxes.push(boxAround(place.x, place.y, name));
    }
  }
}

function putAt(node: HTMLElement, x: number, y: number): void {
  node.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
}

function inDepth({ min_zoom, max_zoom }: ClusterLabel, zoom: number): boolean {
  return min_zoom <= zoom && (max_zoom === null || zoom < max_zoom);
}
