import { rgba } from "../../colors";
import { element } from "../../dom";
import { count } from "../../format";
import { NO_CODES, NO_ROWS, type ScopeStore, select } from "../../state";
import type { Pane, PaneContext } from "../pane";
import { Card } from "./card";
import { project, type View } from "./geometry";
import { keepShiftDrags, watchArea, watchDrags, wheelOnlyWhenMeant } from "./gestures";
import type { Box } from "./labels";
import { openLegend } from "./legend";
import { Names } from "./names";
import { lookFor, paintOf } from "./paint";
import { Plot } from "./plot";
import { openSelectionBar } from "./selection_bar";
import { listenToKeys, openTools, type Tools } from "./tools";

const BUSY = "The kernel is busy; waiting for it…";
const LOST = "The graphics context was lost. Drawing again…";
const EMPTY = "There is nothing on this map: the space has no items.";
const KEYS = "Arrows pan, plus and minus zoom, 0 shows everything, L draws a lasso, escape lets go.";

/** The map: points in the plane, their cluster names, a legend, and a selection. */
export const mapPane: Pane = (context) => {
  new MapPane(context).open();
};

class MapPane {
  readonly #store: ScopeStore;
  readonly #points = element("div", { class: "es-points" });
  readonly #ring = element("div", { class: "es-ring", hidden: "" });
  readonly #notice = element("p", { class: "es-notice", role: "status" });
  readonly #stage = element("div", { class: "es-stage", tabindex: "0", role: "application" });
  readonly #names = new Names(() => [boxIn(this.#tools.host)]);
  readonly #plot: Plot;
  readonly #card: Card;
  readonly #tools: Tools;
  #dragging = false;
  #alive = true;

  constructor(private readonly context: PaneContext) {
    const { store, source, signal } = context;
    this.#store = store;
    this.#card = new Card(store, source, signal);
    this.#plot = new Plot(
      this.#points,
      {
        select: (rows) => this.#selected(rows),
        hover: (row) => store.set("hover", this.#dragging || !isShown(store, row) ? -1 : row),
        drawn: (view) => this.#drawn(view),
        alive: (alive) => this.#revived(alive),
        failed: (error) => store.set("problem", error instanceof Error ? error.message : String(error)),
      },
      signal,
    );
    this.#tools = openTools(this.#plot);
  }

  open(): void {
    const { el, signal } = this.context;
    const stage = this.#stage;
    const zoomTo = (): void => this.#plot.zoomTo(this.#store.get("selection"));
    const bar = openSelectionBar(this.#store, zoomTo, signal);
    const overlays = [this.#names.host, this.#ring, this.#tools.host, bar, this.#notice, this.#card.host];
    stage.append(this.#points, ...overlays);
    el.append(stage, openLegend(this.#store, signal));
    watchDrags(this.#points, (dragging) => this.#drag(dragging), signal);
    wheelOnlyWhenMeant(stage, signal);
    keepShiftDrags(stage, signal);
    listenToKeys(stage, this.#plot, this.#tools, () => this.#letGo(), signal);
    this.#listen();
    this.#names.set(this.#store.get("labels"));
    this.#draw();
  }

  #listen(): void {
    const { root, signal } = this.context;
    const store = this.#store;
    const drawSoon = soon(() => this.#draw(), signal);
    watchArea(this.#points, drawSoon, signal);
    for (const key of ["universe", "coords", "color", "isolated"] as const) store.on(key, drawSoon, signal);
    root.addEventListener("es-theme", drawSoon, { signal });
    store.on("labels", (labels) => this.#names.set(labels), signal);
    store.on("color", () => this.#nameShown(), signal);
    store.on("isolated", () => this.#nameShown(), signal);
    store.on("selection", (rows) => this.#plot.select(rows), signal);
    store.on("hover", (row) => this.#hovered(row), signal);
    store.on("busy", () => this.#explain(), signal);
  }

  #draw(): void {
    const { n, modality } = this.#store.get("universe");
    const things = `${count(n)} ${modality === "image" ? "images" : "texts"}`;
    this.#stage.setAttribute("aria-label", `Map of ${things}. ${KEYS}`);
    this.#explain();
    const coords = this.#store.get("coords");
    if (coords.length !== 2 * n) {
      const have = count(coords.length / 2);
      this.#store.set("problem", `The map has coordinates for ${have} items, but there are ${count(n)}.`);
    } else if (n > 0) {
      const { root } = this.context;
      const dark = this.#store.get("dark");
      const area = this.#points.clientWidth * this.#points.clientHeight;
      const look = { ...lookFor(n, area), dark, isolated: this.#store.get("isolated") };
      const paint = paintOf(this.#store.get("color"), n, look);
      this.#plot.show(coords, paint, look.size, rgba(getComputedStyle(root).backgroundColor));
      this.#plot.select(this.#store.get("selection"));
    }
  }

  /** The one line of words over the map: why it is empty, or what it waits for. */
  #explain(): void {
    const empty = this.#store.get("universe").n === 0;
    const words = empty ? EMPTY : !this.#alive ? LOST : this.#store.get("busy") ? BUSY : "";
    this.#notice.textContent = words;
    this.#notice.classList.toggle("es-alone", empty);
    this.#notice.classList.toggle("es-shown", words !== "");
  }

  #selected(rows: readonly number[]): void {
    const shown = rows.filter((row) => isShown(this.#store, row));
    select(this.#store, shown);
    // The plot has marked what the lasso caught, faded points included.
    if (shown.length !== rows.length) this.#plot.select(this.#store.get("selection"));
  }

  #drawn(view: View): void {
    this.#names.follow(view);
    this.#moveRing(view);
  }

  #revived(alive: boolean): void {
    this.#alive = alive;
    this.#explain();
  }

  #drag(dragging: boolean): void {
    this.#dragging = dragging;
    if (dragging) this.#store.set("hover", -1);
  }

  #hovered(row: number): void {
    const view = this.#plot.view;
    this.#moveRing(view);
    if (row < 0) this.#card.hide();
    else this.#card.show(row, placeOf(this.#store, row, view));
  }

  #moveRing(view: View): void {
    const row = this.#store.get("hover");
    this.#ring.hidden = row < 0;
    if (row < 0) return;
    const [x, y] = placeOf(this.#store, row, view);
    this.#ring.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
  }

  /** Where the colours show what the names name, the names follow the isolated colours. */
  #nameShown(): void {
    const color = this.#store.get("color");
    const isolated = this.#store.get("isolated");
    const known = new Set(color.kind === "category" && isolated.size > 0 ? color.names : []);
    const chosen = new Set(color.kind === "category" ? [...isolated].map((code) => color.names[code]) : []);
    this.#names.only(({ name }) => !known.has(name) || chosen.has(name));
  }

  /** Escape lets go of one thing after another: the lasso tool, the selection, the isolated categories. */
  #letGo(): void {
    if (this.#tools.lassoOn()) this.#tools.toggleLasso(false);
    else if (this.#store.get("selection").length > 0) this.#store.set("selection", NO_ROWS);
    else this.#store.set("isolated", NO_CODES);
  }
}

/** Whether a row is not faded out by an isolated category. */
function isShown(store: ScopeStore, row: number): boolean {
  const color = store.get("color");
  const isolated = store.get("isolated");
  return color.kind !== "category" || isolated.size === 0 || isolated.has(color.codes[row] ?? -1);
}

/** Where an element lies in its offset parent. */
function boxIn({ offsetLeft: left, offsetTop: top, offsetWidth, offsetHeight }: HTMLElement): Box {
  return { left, top, right: left + offsetWidth, bottom: top + offsetHeight };
}

function placeOf(store: ScopeStore, row: number, view: View): [number, number] {
  const coords = store.get("coords");
  return project(view, coords[2 * row] ?? 0, coords[2 * row + 1] ?? 0);
}

/** Run once for all the changes of one moment: a new colour comes with new choices and labels. */
function soon(work: () => void, signal: AbortSignal): () => void {
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
