import { svg } from "../../dom";
import type { DiffCard } from "./card";
import { joinsOf, type Spot } from "./joins";

/** The lines between both columns: drawn anew whenever cards move or change their size. */
export class Gutter {
  readonly host = svg("svg", { class: "es-joins", "aria-hidden": "true" });
  #columns: [DiffCard[], DiffCard[]] = [[], []];
  #lit = -1;

  constructor(around: HTMLElement, signal: AbortSignal) {
    const observer = new ResizeObserver(() => this.#draw());
    observer.observe(around);
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  }

  show(columns: [DiffCard[], DiffCard[]]): void {
    this.#columns = columns;
    this.#draw();
  }

  /** Let the line of a row stand out; of -1, none. */
  light(row: number): void {
    this.#lit = row;
    for (const path of this.host.children) {
      path.classList.toggle("es-lit", (path as SVGElement).dataset.joins === String(row));
    }
  }

  #draw(): void {
    const [left, right] = this.#columns.map((cards) => cards.map(spotOf)) as [Spot[], Spot[]];
    const joins = joinsOf(left, right, this.host.clientWidth);
    const paths = joins.map(({ row, change, path }) =>
      svg("path", { d: path, "data-joins": String(row), "data-change": change }),
    );
    this.host.replaceChildren(...paths);
    this.light(this.#lit);
  }
}

function spotOf({ host, place }: DiffCard): Spot {
  return { row: place.row, change: place.change, y: host.offsetTop + host.offsetHeight / 2 };
}
