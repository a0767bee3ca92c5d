import { createSpatialIndex } from "regl-scatterplot";
import type { Rgba } from "../../colors";
import { type Lease, leaseRenderer } from "../../gl/renderers";
import { blankPoints, type Tuning, tuned } from "../../gl/tuned";
import { Cloud } from "./cloud";
import { Filling } from "./filling";
import { boundsOf, pointScale, type Rect, type View } from "./geometry";
import { stillWanted } from "./motion";
import type { PlotOptions } from "./options";
import { gainAt, type Paint } from "./paint";
import { inks, outlines } from "./properties";
import { type Held, openScatter, type Scatterplot, type Tool, toolProperties } from "./scatter";
import { Steering } from "./steering";
import { MANY, Thinning } from "./thinning";

export interface PlotEvents {
  /** A lasso or a box went round these sorted rows, faded ones left out. */
  take(rows: Uint32Array, held: Held): void;
  /** A click on a row, or beside all of them: -1. */
  click(row: number, held: Held): void;
  doubleClick(row: number): void;
  hover(row: number): void;
  /** The picture was drawn; the camera may have moved. */
  drawn(): void;
  /** The points start to move to new places, or have arrived. */
  morphing(moving: boolean): void;
  /** The context was lost (`false`) or the map is back (`true`). */
  alive(alive: boolean): void;
  failed(error: unknown): void;
}

const MORPH_MS = 700;
/** Points farther from the pointer than this many pixels, beside their own size, are not under it. */
const REACH = 4;

/** The plot searches nothing itself: it is given an index of no points. */
const NOWHERE = createSpatialIndex([]);

/** The WebGL points. Everything it shows is kept here, so that a lost context comes back with the same view and selection. */
export class Plot {
  readonly host: HTMLElement;
  #cloud: Cloud | undefined;
  readonly #filling = new Filling();
  #selection: Uint32Array = new Uint32Array(0);
  #background: Rgba = [1, 1, 1, 1];
  #size = 4;
  #tool: Tool = "none";
  #morphing = false;
  /** The texture waits to be filled with newer places. */
  #stale = false;
  #afloat = false;
  #matrix: Float32Array | undefined;
  #lease: Lease | undefined;
  #plot: Scatterplot | undefined;
  #canvas: HTMLCanvasElement | undefined;
  #queue: Promise<void> = Promise.resolve();
  #life = 0;
  readonly #thinning = new Thinning(() => this.#plot?.redraw());
  readonly #steering = new Steering({
    plot: () => this.#plot,
    view: () => this.view,
    box: (rows) => this.options.frame?.(rows) ?? this.#boxOf(rows),
    stir: () => this.#stir(),
    failed: (error) => this.events.failed(error),
  });

  constructor(
    host: HTMLElement,
    private readonly events: PlotEvents,
    signal: AbortSignal,
    private readonly options: PlotOptions = {},
  ) {
    this.host = host;
    const resized = new ResizeObserver(() => this.#resized());
    resized.observe(host);
    signal.addEventListener("abort", () => resized.disconnect(), { once: true });
    signal.addEventListener("abort", () => this.#close(), { once: true });
  }

  get view(): View {
    const matrix = this.#plot?.get("cameraView") ?? this.#matrix ?? IDENTITY;
    return { matrix, width: Math.max(1, this.host.clientWidth), height: Math.max(1, this.host.clientHeight) };
  }

  /** How many times nearer than where everything is framed. */
  get zoom(): number {
    return this.#steering.zoom;
  }

  /** The person has moved the camera away from where everything is framed. */
  get moved(): boolean {
    return this.#steering.moved;
  }

  /** Settles when everything asked for so far is drawn. */
  get settled(): Promise<void> {
    return this.#queue;
  }

  /** Draw points; those that were there in the same number go to their new places. */
  show(coords: Float32Array, paint: Paint, size: number, background: Rgba): void {
    const before = this.#cloud;
    const fresh = coords !== before?.coords;
    if (before && !fresh) before.paint = paint;
    const cloud = before && !fresh ? before : new Cloud(coords, paint);
    this.#cloud = cloud;
    this.#size = size;
    this.#background = background;
    const same = !before || before.coords.length === coords.length;
    const morphs = fresh && before && this.#plot && same && !this.options.steps && canMorph(coords);
    if (fresh && !morphs && !(same && this.options.steps)) this.#steering.moved = false;
    this.#enqueue(async () => {
      if (!this.#plot) this.#open();
      if (morphs) await this.#morph(before.coords, cloud, paint);
      else await this.#draw(this.#cloud ?? cloud);
    });
  }

  /** Put the points that are there elsewhere, at once; false where there are not as many. Costs one texture's filling. */
  step(coords: Float32Array): boolean {
    const before = this.#cloud;
    if (before?.coords.length !== coords.length) return false;
    this.#cloud = new Cloud(coords, before.paint);
    // One that waits already takes the newest places.
    if (!this.#stale) this.#enqueue(async () => this.#fillAgain());
    this.#stale = true;
    return true;
  }

  /** While points move, none of them is under the pointer. */
  float(afloat: boolean): void {
    this.#afloat = afloat;
  }

  select(rows: Uint32Array): void {
    this.#selection = rows;
    this.#enqueue(async () => this.#drawSelection());
  }

  /** What the plain pointer does. */
  use(tool: Tool): void {
    this.#tool = tool;
    void this.#plot?.set(toolProperties(tool));
  }

  /** Frame everything. */
  reset(): void {
    this.#steering.reset();
  }

  zoomTo(rows: Uint32Array): void {
    this.#steering.zoomTo(rows);
  }

  /** Move by shares of what is seen and zoom by a factor. */
  move(pan: [number, number], zoom: number): void {
    this.#steering.move(pan, zoom);
  }

  /** Visit the rows in sight that are not faded. */
  inSight(visit: (row: number) => void): void {
    this.#cloud?.inSight(this.view, visit);
  }

  /** Whether a row is not faded. */
  isShown(row: number): boolean {
    return this.#cloud?.isShown(row) ?? true;
  }

  /** Look from where another map is looked at; `moved` says whether a person went there. */
  look(matrix: readonly number[], moved: boolean): void {
    this.#steering.moved = moved;
    const now = this.view.matrix;
    if (matrix.every((value, i) => value === now[i])) return;
    this.#matrix = Float32Array.from(matrix);
    this.#stir();
    this.#plot?.view([...matrix]);
  }

  #rowAt(x: number, y: number): number {
    if (this.#morphing || this.#afloat || !this.#cloud) return -1;
    const home = this.#steering.homeDistance;
    const size = (this.#size * pointScale(home / this.zoom)) / pointScale(home);
    return this.#cloud.rowAt(this.view, x, y, size / 2 + REACH);
  }

  #boxOf(rows?: Uint32Array): Rect | undefined {
    return this.#cloud && (rows ? boundsOf(this.#cloud.coords, rows) : this.#cloud.box);
  }

  #stir(): void {
    this.#thinning.stir(this.#cloud?.count ?? 0);
  }

  #open(): void {
    const lease = leaseRenderer(() => this.#lost());
    this.#lease = lease;
    const tuning: Tuning = {
      every: () => this.#thinning.every,
      gain: () => gainAt(this.zoom, this.#thinning.every, this.#cloud?.paint.opacities ?? []),
      fill: (texels) => this.#filling.fill(texels),
      filled: (again) => this.#filling.filled(again),
    };
    const options = { renderer: tuned(lease.renderer, tuning), tool: this.#tool, matrix: this.#matrix };
    [this.#plot, this.#canvas] = openScatter(this.host, options, {
      point: (x, y) => this.events.hover(this.#rowAt(x, y)),
      leave: () => this.events.hover(-1),
      click: (x, y, held) => this.events.click(this.#rowAt(x, y), held),
      doubleClick: (x, y) => this.events.doubleClick(this.#rowAt(x, y)),
      lasso: (polygon, held) => this.#lassoed(polygon, held),
      moved: () => {
        this.#steering.moved = true;
        this.#stir();
      },
      drawn: () => {
        this.#matrix = Float32Array.from(this.view.matrix);
        this.events.drawn();
      },
    });
  }

  #lassoed(polygon: number[], held: Held): void {
    if (this.#cloud) this.events.take(this.#cloud.inside(polygon), held);
    // The plot has let go of its selection, which may be the same as before.
    this.#drawSelection();
  }

  async #draw({ coords, paint }: Cloud): Promise<void> {
    await this.#set(paint);
    await this.#place(coords, paint, {});
    this.#drawSelection();
    if (!this.#steering.moved) this.#steering.goTo(this.#steering.home(), false);
  }

  /** From the old places with the new colours to the new places. */
  async #morph(before: Float32Array, { coords }: Cloud, paint: Paint): Promise<void> {
    this.#morphing = true;
    this.events.morphing(true);
    try {
      await this.#set(paint);
      await this.#place(before, paint, {});
      await this.#place(coords, paint, { transition: true, transitionDuration: MORPH_MS });
    } finally {
      this.#morphing = false;
      this.events.morphing(false);
    }
    this.#drawSelection();
    const home = this.#steering.home();
    let seen = false;
    this.inSight(() => {
      seen = true;
    });
    if (!seen) this.#steering.moved = false;
    if (!this.#steering.moved) this.#steering.goTo(home, true);
    else this.#plot?.redraw();
  }

  async #set(paint: Paint): Promise<void> {
    await this.#plot?.set({
      ...inks(paint),
      backgroundColor: this.#background,
      pointSize: this.#size / pointScale(this.#steering.home().distance),
    });
  }

  async #place(
    coords: Float32Array,
    paint: Paint,
    how: { transition?: boolean; transitionDuration?: number },
  ): Promise<void> {
    const spatialIndex = await NOWHERE;
    const count = this.#filling.prepare(coords, paint);
    await this.#plot?.draw(blankPoints(count), {
      zDataType: "categorical",
      preventFilterReset: true,
      spatialIndex,
      ...how,
    });
  }

  #fillAgain(): void {
    this.#stale = false;
    if (this.#cloud) this.#filling.move(this.#cloud.coords);
    this.#plot?.redraw();
  }

  #drawSelection(): void {
    void this.#plot?.set(outlines(this.#selection.length));
    this.#plot?.select(this.#filling.places(this.#selection), { preventEvent: true });
  }

  #resized(): void {
    if (this.#plot && !this.#steering.moved) this.#steering.goTo(this.#steering.home(), false);
    else this.#plot?.redraw();
  }

  #lost(): void {
    this.#close();
    this.events.alive(false);
    this.#enqueue(async () => {
      this.#open();
      if (this.#cloud) await this.#draw(this.#cloud);
      this.events.alive(true);
    });
  }

  #close(): void {
    this.#life++;
    // What waits for a frame of the closed plot would wait for ever.
    this.#queue = Promise.resolve();
    this.#morphing = false;
    this.#thinning.stop();
    this.#plot?.destroy();
    this.#lease?.release();
    this.#canvas?.remove();
    this.#plot = undefined;
    this.#lease = undefined;
    this.#filling.drop();
    this.#stale = false;
    this.#canvas = undefined;
  }

  /** One thing at a time: the plot refuses to draw while it draws. */
  #enqueue(work: () => Promise<void>): void {
    const life = this.#life;
    this.#queue = this.#queue
      .then(() => (life === this.#life ? work() : undefined))
      .catch((error: unknown) => {
        if (life === this.#life) this.events.failed(error);
      });
  }
}

function canMorph(coords: Float32Array): boolean {
  return coords.length <= 2 * MANY && !stillWanted();
}

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
