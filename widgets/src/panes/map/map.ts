import { rgba } from "../../colors";
import { element } from "../../dom";
import { count } from "../../format";
import type { ClusterLabel } from "../../model";
import { NO_CODES, NO_ROWS, type ScopeStore } from "../../state";
import { ask } from "../../walk";
import type { Pane, PaneContext } from "../pane";
import type { Place } from "./arrange";
import { Card } from "./card";
import { click, take, walks } from "./choosing";
import { keepShiftDrags, watchArea, watchDrags, wheelOnlyWhenMeant } from "./gestures";
import { hitsInForce, openHitsBar } from "./hits_bar";
import { keysInWords, listenToKeys } from "./keys";
import type { Box } from "./labels";
import { openLegend } from "./legend";
import { Lines } from "./lines";
import { Names } from "./names";
import type { MapOptions } from "./options";
import { lookFor, paintOf } from "./paint";
import { Plot, type PlotEvents } from "./plot";
import { placeOf, Ring } from "./ring";
import { openSelectionBar } from "./selection_bar";
import { soon, stirring } from "./soon";
import { Thumbnails } from "./thumbnails";
import { openTools, type Tools, toggleButton } from "./tools";

const BUSY = "The kernel is busy; waiting for it…";
const LOST = "The graphics context was lost. Drawing again…";
/** Points that have not moved for so long rest. */
const REST_MS = 160;
const EMPTY = "There is nothing on this map: the space has no items.";

/** The map: points in the plane, their cluster names, a legend, and a selection. */
export const mapPane: Pane = (context) => openMap(context);

/** A map in the context's element, alone or among others. */
export function openMap(context: PaneContext, options: MapOptions = {}): void {
  new MapPane(context, options).open();
}

class MapPane {
  readonly #store: ScopeStore;
  readonly #points = element("div", { class: "es-points" });
  readonly #ring: Ring;
  readonly #notice = element("p", { class: "es-notice", role: "status" });
  readonly #stage = element("div", { class: "es-stage", tabindex: "0", role: "application" });
  readonly #pictures = toggleButton("image", "Pictures (I)", () => this.#showPictures(), false);
  readonly #names = new Names(() => [...this.#reserved(), ...this.#thumbnails.asked]);
  readonly #bars: HTMLElement[];
  readonly #lines: Lines;
  readonly #thumbnails: Thumbnails;
  readonly #plot: Plot;
  readonly #card: Card;
  readonly #tools: Tools;
  #dragging = false;
  /** The row at hand was pointed at here, or walked to with the keys. */
  #own = false;
  #alive = true;
  readonly #drawSoon: () => void;
  readonly #stir: () => void;

  constructor(
    private readonly context: PaneContext,
    private readonly options: MapOptions,
  ) {
    const { store, source, history, signal } = context;
    this.#store = store;
    this.#card = new Card(store, source, signal);
    this.#ring = new Ring(store);
    this.#plot = new Plot(this.#points, this.#events(), signal, options);
    this.#drawSoon = soon(() => this.#draw(), signal);
    this.#stir = stirring((stirs) => this.#float(stirs), REST_MS, signal);
    const reserved = (): Box[] => [...this.#reserved(), ...this.#names.boxes];
    const changed = (): void => this.#lines.follow();
    this.#thumbnails = new Thumbnails({ plot: this.#plot, store, source, reserved, changed, signal });
    const pictured = (row: number): Place | undefined => this.#thumbnails.placeOf(row);
    this.#lines = new Lines(store, () => this.#plot.view, pictured, signal);
    this.#tools = openTools({ plot: this.#plot, store, history, signal }, [this.#pictures]);
    const zoomTo = (): void => this.#plot.zoomTo(store.get("selection"));
    const bars = options.bars ?? true;
    this.#bars = bars ? [openSelectionBar(store, zoomTo, signal), openHitsBar(store, signal)] : [];
  }

  #events(): PlotEvents {
    const store = this.#store;
    return {
      take: (rows, held) => {
        const mode = this.#tools.inHand() === "none" ? "replace" : store.get("selectMode");
        take(store, rows, held, mode);
      },
      click: (row, held) => click(store, row, held),
      doubleClick: (row) => {
        if (row < 0) store.set("selection", NO_ROWS);
      },
      hover: (row) => this.#pointed(row),
      drawn: () => this.#follow(),
      morphing: (moving) => this.#morph(moving),
      alive: (alive) => {
        this.#alive = alive;
        this.#explain();
      },
      failed: (error) => store.set("problem", error instanceof Error ? error.message : String(error)),
    };
  }

  open(): void {
    const { el, signal, history } = this.context;
    const { overlays = [], legend = true, camera } = this.options;
    const stage = this.#stage;
    const over = [
      this.#lines.host,
      this.#thumbnails.host,
      this.#names.host,
      this.#lines.ranks,
      this.#ring.host,
    ];
    const tools = [this.#tools.host, this.#tools.modes, ...this.#bars, this.#notice, this.#card.host];
    stage.append(this.#points, ...overlays.map(({ host }) => host), ...over, ...tools);
    el.append(stage, ...(legend ? [openLegend(this.#store, signal)] : []));
    camera?.join(this.#plot, signal);
    watchDrags(this.#points, (dragging) => this.#drag(dragging), signal);
    wheelOnlyWhenMeant(stage, signal);
    keepShiftDrags(stage, signal);
    const keys = { stage, store: this.#store, plot: this.#plot, tools: this.#tools, history };
    const togglePictures = (): void => {
      if (!this.#pictures.hidden) this.#showPictures();
    };
    listenToKeys({ ...keys, togglePictures, letGo: () => this.#letGo() }, signal);
    this.#listen();
    this.#offerPictures();
    this.#asked();
    this.#names.set(this.#store.get("labels"));
    this.#draw();
  }

  #listen(): void {
    const { root, signal } = this.context;
    const store = this.#store;
    watchArea(this.#points, this.#drawSoon, signal);
    const painted = ["universe", "color", "isolated", "words", "hits"] as const;
    for (const key of painted) store.on(key, this.#drawSoon, signal);
    store.on("coords", (coords) => this.#placed(coords), signal);
    root.addEventListener("es-theme", this.#drawSoon, { signal });
    store.on("universe", () => this.#offerPictures(), signal);
    store.on("labels", (labels) => this.#labelled(labels), signal);
    store.on("color", () => this.#nameShown(), signal);
    store.on("isolated", () => this.#nameShown(), signal);
    store.on("selection", (rows) => this.#plot.select(rows), signal);
    for (const key of ["query", "findProblem"] as const) store.on(key, () => this.#asked(), signal);
    store.on("hover", (row) => this.#hovered(row), signal);
    store.on("busy", () => this.#explain(), signal);
    // Names and pictures make room for the bars that come and go.
    for (const key of ["selection", "hits", "words"] as const) store.on(key, () => this.#nameShown(), signal);
  }

  #draw(): void {
    const { n, modality } = this.#store.get("universe");
    const things = `${count(n)} ${modality === "image" ? "images" : "texts"}`;
    const whose = this.options.name ? `, ${this.options.name()}` : "";
    this.#stage.setAttribute("aria-label", `Map of ${things}${whose}. ${keysInWords(this.#store)}`);
    this.#explain();
    const coords = this.#store.get("coords");
    if (coords.length !== 2 * n) {
      const have = count(coords.length / 2);
      this.#store.set("problem", `The map has coordinates for ${have} items, but there are ${count(n)}.`);
    } else if (n > 0) {
      const { root } = this.context;
      const dark = this.#store.get("dark");
      const area = this.#points.clientWidth * this.#points.clientHeight;
      const stands = { isolated: this.#store.get("isolated"), marked: hitsInForce(this.#store) };
      const look = { ...lookFor(n, area), dark, ...stands };
      const paint = paintOf(this.#store.get("color"), n, look);
      this.#plot.show(coords, paint, look.size, rgba(getComputedStyle(root).backgroundColor));
      this.#plot.select(this.#store.get("selection"));
      this.#thumbnails.refresh();
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

  /** Everything that lies over the points follows the camera. */
  #follow(): void {
    const { view, zoom, moved } = this.#plot;
    this.options.camera?.follow(this.#plot, view.matrix, moved);
    this.#names.follow(view, zoom);
    for (const overlay of this.options.overlays ?? []) overlay.follow(view);
    this.#thumbnails.follow();
    this.#lines.follow();
    this.#ring.follow(view);
  }

  /** Step by step, all that hangs on the points goes along. */
  #placed(coords: Float32Array): void {
    if (!this.options.steps || !this.#plot.step(coords)) {
      this.#drawSoon();
      return;
    }
    this.#stir();
    this.#thumbnails.goAlong();
    this.#lines.follow();
    this.#ring.follow(this.#plot.view);
  }

  #labelled(labels: readonly ClusterLabel[]): void {
    if (!this.options.steps || !this.#names.move(labels)) this.#names.set(labels);
  }

  /** Names and pictures find new places once the points rest. */
  #float(afloat: boolean): void {
    this.#plot.float(afloat);
    this.#names.hold(afloat);
    if (afloat) this.#card.hide();
    else this.#thumbnails.refresh();
  }

  /** While points move, what hangs on their places would be wrong. */
  #morph(moving: boolean): void {
    this.#stage.classList.toggle("es-morphing", moving);
    if (moving) this.#store.set("hover", -1);
    else this.#follow();
  }

  #drag(dragging: boolean): void {
    this.#dragging = dragging;
    if (dragging) this.#store.set("hover", -1);
  }

  #pointed(row: number): void {
    this.#own = true;
    this.#store.set("hover", this.#dragging ? -1 : row);
    this.#own = false;
  }

  /** The ring follows whatever is at hand; the card would say again what another pane's card says. */
  #hovered(row: number): void {
    const { view } = this.#plot;
    this.#ring.follow(view);
    const here = this.#own || !walks(this.#store) || this.#stage === document.activeElement;
    if (row < 0 || !here) this.#card.hide();
    else this.#card.show(row, placeOf(this.#store, row, view));
  }

  /** What is asked for comes to the fore: names stand back and make way. */
  #asked(): void {
    this.#stage.classList.toggle("es-asking", this.#store.get("query") !== null);
    this.#nameShown();
  }

  /** Where the colours show what the names name, the names follow the isolated colours. */
  #nameShown(): void {
    const color = this.#store.get("color");
    const isolated = this.#store.get("isolated");
    const known = new Set(color.kind === "category" && isolated.size > 0 ? color.names : []);
    const chosen = new Set(color.kind === "category" ? [...isolated].map((code) => color.names[code]) : []);
    this.#names.only(({ name }) => !known.has(name) || chosen.has(name));
  }

  /** Pictures are shown from the start where the items are images. */
  #offerPictures(): void {
    const images = this.#store.get("universe").modality === "image";
    this.#pictures.hidden = !images;
    if (images !== this.#thumbnails.on) this.#showPictures();
  }

  #showPictures(): void {
    this.#thumbnails.show(!this.#thumbnails.on);
    this.#pictures.setAttribute("aria-pressed", String(this.#thumbnails.on));
    this.#nameShown();
  }

  /** What lies over the map and must stay free. */
  #reserved(): Box[] {
    const bars = this.#bars.filter((bar) => bar.classList.contains("es-shown"));
    const modes = this.#tools.modes.hidden ? [] : [this.#tools.modes];
    const words = (this.options.overlays ?? []).flatMap(({ words }) => words ?? []);
    return [this.#tools.host, ...modes, ...bars, ...words].map((over) => boxIn(over, this.#stage));
  }

  /** Escape lets go of one thing after another. */
  #letGo(): void {
    const store = this.#store;
    if (this.#tools.inHand() !== "none") this.#tools.putAway();
    else if (store.get("words") !== "") {
      store.set("words", "");
      store.set("hits", NO_ROWS);
    } else if (store.get("query")) ask(store, null);
    else if (store.get("selection").length > 0) store.set("selection", NO_ROWS);
    else store.set("isolated", NO_CODES);
  }
}

/** Where an element lies on the stage; bars that slide in count where they come to rest. */
function boxIn(over: HTMLElement, stage: HTMLElement): Box {
  const { offsetTop: top, offsetWidth: width, offsetHeight: height } = over;
  const middle = getComputedStyle(over).left === `${stage.clientWidth / 2}px`;
  const left = middle ? (stage.clientWidth - width) / 2 : over.offsetLeft;
  return { left, top, right: left + width, bottom: top + height };
}
