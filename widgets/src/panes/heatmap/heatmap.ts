import { element } from "../../dom";
import type { Heatmap, HeatmapLayer } from "../../source/source";
import type { Pane, PaneContext } from "../pane";
import { Asking, type Phase } from "./asking";
import { CellPanel } from "./cell_panel";
import { Head } from "./head";
import { Largest } from "./largest";
import { Menus } from "./menus";
import { orderOf } from "./order";
import { Picture } from "./picture";
import type { Shown } from "./shown";
import { State } from "./state";
import { Ungrouped } from "./ungrouped";

const LIST_SEEN = 170;

/** Groups × groups: where the student's neighbourhoods differ from the teacher's, down to the items. */
export const heatmapPane: Pane = (context: PaneContext): void => {
  new HeatmapPane(context).start();
};

class HeatmapPane {
  #menus: Menus;
  #head: Head;
  #picture: Picture;
  #alone: Ungrouped;
  #largest: Largest;
  #cell: CellPanel;
  #state: State;
  #asking: Asking;
  #body = element("div", { class: "es-heat-body" });
  #shown: Shown | null = null;
  #phase: Phase["kind"] = "waiting";
  /** A person opens a cell here: its anchors are selected. Elsewhere they already are. */
  #acts = false;
  #restart = false;

  constructor(private readonly context: PaneContext) {
    const { store, source, root, el, signal } = context;
    const open = (row: number, column: number): void => this.#open(row, column);
    const compute = (): void => this.#want();
    this.#menus = new Menus(store, { layer: compute, order: () => this.#reorder() }, signal);
    this.#head = new Head(this.#menus.host);
    this.#picture = new Picture(store, root, open, signal);
    this.#alone = new Ungrouped(open);
    this.#largest = new Largest(open);
    this.#cell = new CellPanel(store, source, () => this.#close(), signal);
    this.#asking = new Asking(source, (phase) => this.#follow(phase), signal);
    this.#state = new State(store, { cancel: () => this.#asking.cancel(), compute }, signal);
    const aside = element("div", { class: "es-heat-aside" }, this.#largest.host, this.#cell.host);
    this.#body.append(this.#picture.host, this.#alone.host, aside, this.#state.host);
    el.setAttribute("aria-label", "Divergence");
    el.append(this.#head.host, this.#body);
  }

  start(): void {
    const { store, el, signal } = this.context;
    store.on("groupBy", () => this.#regroup(), signal);
    store.on("bandwidth", () => this.#soon(), signal);
    store.on("comparison", () => this.#forget(), signal);
    store.on("universe", () => this.#forget(), signal);
    store.on("cell", () => this.#followCell(), signal);
    el.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.#want();
  }

  #forget(): void {
    this.#asking.forget();
    this.#soon();
  }

  /** A cell's groups are those of one grouping. */
  #regroup(): void {
    const { store } = this.context;
    const cell = store.get("cell");
    if (cell && cell.by !== store.get("groupBy")) store.set("cell", null);
    this.#soon();
  }

  /** Groups and bandwidth come one after the other: they are asked for once. */
  #soon(): void {
    if (this.#restart) return;
    this.#restart = true;
    queueMicrotask(() => {
      this.#restart = false;
      if (!this.context.signal.aborted) this.#want();
    });
  }

  #want(): void {
    const { store } = this.context;
    const [by, bandwidth] = [store.get("groupBy"), store.get("bandwidth")];
    this.#asking.want({ by, bandwidth, layer: this.#menus.layer });
  }

  #follow(phase: Phase): void {
    this.#phase = phase.kind;
    this.#state.show(phase);
    if (phase.kind === "here") this.#show(phase.heatmap, this.#menus.layer);
    this.#arrange();
  }

  #show(heatmap: Heatmap, layer: HeatmapLayer): void {
    const before = this.#shown?.heatmap;
    this.#shown = { heatmap, layer, order: orderOf(heatmap, this.#menus.order) };
    this.#head.show(heatmap);
    this.#menus.secondPass(heatmap.layers.js !== undefined);
    this.#alone.show(heatmap);
    this.#largest.show(this.#shown);
    this.#arrange();
    this.#picture.show(this.#shown);
    if (before !== heatmap) this.#followCell();
  }

  #reorder(): void {
    if (!this.#shown) return;
    this.#shown = { ...this.#shown, order: orderOf(this.#shown.heatmap, this.#menus.order) };
    this.#picture.show(this.#shown);
  }

  /** Until another heatmap comes the last one stays, dimmed; where none comes nothing that is not chosen is shown. */
  #arrange(): void {
    const shown = this.#shown !== null && (this.#phase === "here" || this.#phase === "waiting");
    const alone = (this.#shown?.heatmap.names.length ?? 0) < 2;
    this.#picture.host.hidden = !shown || alone;
    this.#alone.host.hidden = !shown || !alone;
    this.#body.classList.toggle("es-heat-bare", !shown);
    this.#body.classList.toggle("es-waiting", this.#phase === "waiting" && shown);
    this.#head.host.classList.toggle("es-waiting", this.#phase === "waiting");
    this.#body.setAttribute("aria-busy", String(this.#phase === "waiting"));
    if (!shown) this.#head.show(null);
    const open = !this.#cell.host.hidden;
    this.#largest.host.hidden = open || alone;
    this.#body.classList.toggle("es-heat-wide", alone && !open);
  }

  #open(row: number, column: number): void {
    if (!this.#shown || this.#phase !== "here") return;
    this.#acts = true;
    this.context.store.set("cell", { by: this.#shown.heatmap.by, row, column });
    this.#acts = false;
  }

  #followCell(): void {
    const cell = this.context.store.get("cell");
    const { heatmap } = this.#shown ?? {};
    if (!this.#shown || !heatmap || !cell || cell.by !== heatmap.by) this.#cell.close();
    else {
      const { by, row, column } = cell;
      void this.#cell.open(this.#shown, { by, bandwidth: heatmap.bandwidth, row, column }, this.#acts);
      this.#largest.host.hidden = true;
      if (this.#acts) this.#reveal();
    }
    this.#arrange();
  }

  /** Where the list stands under the picture, let its beginning be seen; the page itself does not move. */
  #reveal(): void {
    const below = this.#cell.host.getBoundingClientRect().top - this.#body.getBoundingClientRect().bottom;
    this.#body.scrollTop += Math.max(0, below + LIST_SEEN);
  }

  #close(): void {
    const inside = this.#cell.host.matches(":focus-within");
    this.context.store.set("cell", null);
    if (inside) this.#picture.grid.focus({ preventScroll: true });
  }

  #press(event: KeyboardEvent): void {
    if (event.key !== "Escape" || this.context.store.get("cell") === null) return;
    event.preventDefault();
    event.stopPropagation();
    this.#close();
  }
}
