import type { Rgba } from "../../colors";
import { type Lease, leaseRenderer } from "../../gl/renderers";
import { boundsOf, type Camera, frame, moved, pointScale, type View } from "./geometry";
import { type Paint, pileRows } from "./paint";
import { openScatter, type Scatterplot } from "./scatter";

export interface PlotEvents {
  /** The person selected rows with a click or a lasso; no rows: deselected. */
  select(rows: number[]): void;
  hover(row: number): void;
  /** The picture was drawn; the camera may have moved. */
  drawn(view: View): void;
  /** The context was lost (`false`) or the map is back (`true`). */
  alive(alive: boolean): void;
  failed(error: unknown): void;
}

const MOVE_MS = 350;
const FEW = 250;

/** The WebGL points. Everything it shows is kept here, so that a lost context comes back with the same view and selection. */
export class Plot {
  readonly host: HTMLElement;
  #coords: Float32Array = new Float32Array(0);
  #paint: Paint | undefined;
  #selection: Uint32Array = new Uint32Array(0);
  #background: Rgba = [1, 1, 1, 1];
  #size = 4;
  #lasso = false;
  /** The person has moved the camera: a resize no longer frames everything. */
  #moved = false;
  #matrix: Float32Array | undefined;
  #lease: Lease | undefined;
  #plot: Scatterplot | undefined;
  #canvas: HTMLCanvasElement | undefined;
  #queue: Promise<void> = Promise.resolve();
  #life = 0;
  #paints = 0;

  constructor(
    host: HTMLElement,
    private readonly events: PlotEvents,
    signal: AbortSignal,
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

  /** Settles when everything asked for so far is drawn. */
  get settled(): Promise<void> {
    return this.#queue;
  }

  show(coords: Float32Array, paint: Paint, size: number, background: Rgba): void {
    const fresh = coords !== this.#coords;
    this.#coords = coords;
    this.#paint = paint;
    this.#size = size;
    this.#background = background;
    if (fresh) this.#moved = false;
    this.#enqueue(async () => {
      if (!this.#plot) this.#open();
      await this.#draw(fresh);
    });
  }

  select(rows: Uint32Array): void {
    this.#selection = rows;
    this.#enqueue(async () => this.#drawSelection());
  }

  /** Draw a lasso with the plain pointer instead of panning. */
  useLasso(on: boolean): void {
    this.#lasso = on;
    void this.#plot?.set({ mouseMode: on ? "lasso" : "panZoom" });
  }

  /** Frame everything. */
  reset(): void {
    this.#moved = false;
    this.#goTo(this.#home(), true);
  }

  zoomTo(rows: Uint32Array): void {
    const rect = boundsOf(this.#coords, rows);
    if (!rect) return;
    this.#moved = true;
    this.#goTo(frame(rect, this.#aspect, 0.25), true);
  }

  /** Move by shares of what is seen and zoom by a factor. */
  move(pan: [number, number], zoom: number): void {
    const plot = this.#plot;
    if (!plot) return;
    this.#moved = true;
    const [x = 0, y = 0] = plot.get("cameraTarget") as ArrayLike<number> & number[];
    const now: Camera = { target: [x, y], distance: 1 / Math.abs(this.view.matrix[0] || 1) };
    this.#goTo(moved(now, this.#aspect, pan, zoom), false);
  }

  get #aspect(): number {
    return this.view.width / this.view.height;
  }

  #home(): Camera {
    const rect = boundsOf(this.#coords) ?? { x: -1, y: -1, width: 2, height: 2 };
    return frame(rect, this.#aspect);
  }

  #goTo(camera: Camera, animate: boolean): void {
    const plot = this.#plot;
    if (!plot) return;
    const transition = animate && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const life = this.#life;
    const arrive = async (): Promise<void> => {
      await plot.zoomToLocation(camera.target, camera.distance, { transition, transitionDuration: MOVE_MS });
      // The last step of a transition does not count as a move there: hit testing would keep the old scale.
      if (life === this.#life) plot.view(plot.get("cameraView") as unknown as number[]);
    };
    arrive().catch((error: unknown) => this.events.failed(error));
  }

  #open(): void {
    const lease = leaseRenderer(() => this.#lost());
    this.#lease = lease;
    const options = { renderer: lease.renderer, lasso: this.#lasso, matrix: this.#matrix };
    [this.#plot, this.#canvas] = openScatter(this.host, options, {
      select: (rows) => this.events.select(rows),
      hover: (row) => this.events.hover(row),
      moved: () => {
        this.#moved = true;
      },
      drawn: () => {
        this.#matrix = Float32Array.from(this.view.matrix);
        this.events.drawn(this.view);
      },
    });
  }

  async #draw(fresh: boolean): Promise<void> {
    const plot = this.#plot;
    const paint = this.#paint;
    if (!plot || !paint) return;
    const byLevel = paint.colors.length > 1 ? ("valueA" as const) : null;
    // The plot takes a list of colours too; its types only know the lists that it takes for `pointColor`.
    const active = paint.colors as unknown as Rgba;
    await plot.set({
      backgroundColor: this.#background,
      pointColor: paint.colors,
      pointColorActive: active,
      pointColorHover: active,
      colorBy: byLevel,
      opacityBy: byLevel,
      opacity: [...paint.opacities, this.#freshOpacity()],
      pointSize: this.#size / pointScale(this.#home().distance),
      pointOrder: pileRows(paint, this.#coords.length / 2) ?? null,
    });
    const n = this.#coords.length / 2;
    const points = Array.from({ length: n }, (_, i) => [
      this.#coords[2 * i] as number,
      this.#coords[2 * i + 1] as number,
      paint.levels[i] ?? 0,
    ]);
    const spatialIndex = fresh ? undefined : plot.get("spatialIndex");
    await plot.draw(points, { zDataType: "categorical", ...(spatialIndex ? { spatialIndex } : {}) });
    this.#drawSelection();
    if (!this.#moved) this.#goTo(this.#home(), false);
  }

  /**
   * One more opacity, which no point uses: the plot takes a list with the same set of values for the same list and would
   * keep its old texture, although other levels have faded.
   */
  #freshOpacity(): number {
    this.#paints = (this.#paints + 1) % 1000;
    return 1e-6 * (this.#paints + 1);
  }

  #drawSelection(): void {
    // Outlines tell few points apart, and would hide the density of many.
    const count = this.#selection.length;
    const few = count <= FEW;
    void this.#plot?.set({
      opacityInactiveMax: 1,
      opacityInactiveScale: 0.25,
      pointSizeSelected: count <= 25 ? 4 : few ? 1.5 : 0.5,
      pointOutlineWidth: few ? 1.5 : 0.01,
    });
    this.#plot?.select(Array.from(this.#selection), { preventEvent: true });
  }

  #resized(): void {
    if (this.#plot && !this.#moved) this.#goTo(this.#home(), false);
    else this.#plot?.redraw();
  }

  #lost(): void {
    this.#close();
    this.events.alive(false);
    this.#enqueue(async () => {
      this.#open();
      await this.#draw(true);
      this.events.alive(true);
    });
  }

  #close(): void {
    this.#life++;
    // What waits for a frame of the closed plot would wait for ever.
    this.#queue = Promise.resolve();
    this.#plot?.destroy();
    this.#lease?.release();
    this.#canvas?.remove();
    this.#plot = undefined;
    this.#lease = undefined;
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

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
