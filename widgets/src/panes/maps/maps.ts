import { element } from "../../dom";
import { openLegend } from "../map/legend";
import { openMap } from "../map/map";
import type { MapOptions } from "../map/options";
import { SharedCamera } from "../map/shared_camera";
import type { Pane, PaneContext } from "../pane";
import { openTrailsToggle, openWays, type Way } from "./bar";
import { Between } from "./between";
import { Caption } from "./caption";
import { Lens } from "./lens";
import { namesOf, openSlider } from "./slider";
import { TrailLines } from "./trail_lines";

const NO_STUDENT = "There is no map of the student’s space: only the teacher’s is shown.";

/** The teacher's and the student's map of the same items: one that goes from the one to the other, or both. */
export const mapsPane: Pane = (context) => {
  new MapsPane(context).open();
};

class MapsPane {
  readonly #between: Between;
  readonly #camera = new SharedCamera();
  readonly #trails: TrailLines;
  readonly #slider: ReturnType<typeof openSlider>;
  readonly #ways: ReturnType<typeof openWays>;
  readonly #toggle: HTMLButtonElement;
  readonly #missing = element("p", { class: "es-hint es-maps-missing", role: "status" }, NO_STUDENT);
  readonly #captions: [Caption, Caption] = [new Caption(), new Caption()];
  readonly #body = element("div", { class: "es-maps-body" });
  readonly #stages = element("div", { class: "es-maps-stages" });
  #way: Way = "one";
  /** Ends the student's own map. */
  #second: AbortController | undefined;

  constructor(private readonly context: PaneContext) {
    const { store, signal } = context;
    this.#between = new Between(store, signal);
    this.#trails = new TrailLines(store, () => this.#way === "one" && this.#between.complete, signal);
    this.#slider = openSlider(store, signal);
    this.#ways = openWays((way) => this.#look(way), signal);
    this.#toggle = openTrailsToggle((on) => this.#trails.show(on), signal);
    signal.addEventListener("abort", () => this.#second?.abort(), { once: true });
  }

  open(): void {
    const { el, store, signal } = this.context;
    const controls = [this.#ways.host, this.#slider.host, this.#missing, this.#toggle];
    const bar = element(
      "div",
      { class: "es-maps-bar", role: "group", "aria-label": "The two maps" },
      ...controls,
    );
    this.#body.append(openLegend(store, signal), this.#stages);
    el.setAttribute("aria-label", "Maps of both spaces");
    el.append(bar, this.#body);
    const [caption] = this.#captions;
    const overlays = [this.#trails, caption];
    this.#openMap(this.#between.store, { name: () => this.#nameOfFirst(), overlays }, signal);
    for (const key of ["coords", "coordsB"] as const) store.on(key, () => this.#fit(), signal);
    store.on("comparison", () => this.#name(), signal);
    this.#name();
    this.#fit();
  }

  #openMap(store: PaneContext["store"], options: MapOptions, signal: AbortSignal): HTMLElement {
    const el = element("div", { class: "es-maps-map" });
    this.#stages.append(el);
    const shared = {
      legend: false,
      steps: true,
      camera: this.#camera,
      frame: (rows?: Uint32Array) => this.#between.boxOf(rows),
    };
    openMap({ ...this.context, store, el, signal }, { ...shared, ...options });
    return el;
  }

  #look(way: Way): void {
    if (way === this.#way) return;
    this.#way = way;
    this.#slider.stop();
    this.#fit();
  }

  /** Without a student's map there is one way to look, and nothing to go to. */
  #fit(): void {
    const { complete } = this.#between;
    if (!complete) this.#way = "one";
    const side = this.#way === "side";
    this.#missing.hidden = complete;
    this.#ways.host.hidden = !complete;
    for (const part of [this.#slider.host, this.#toggle]) part.hidden = !complete || side;
    this.#ways.show(this.#way);
    this.#body.dataset.way = this.#way;
    this.#between.hold(side);
    for (const caption of this.#captions) caption.show(side);
    this.#trails.refresh();
    if (side) this.#openSecond();
    else this.#second?.abort();
  }

  #openSecond(): void {
    if (this.#second) return;
    const life = new AbortController();
    this.#second = life;
    const { store } = this.context;
    const students = new Lens(store, { coords: "coordsB", labels: "labelsB" });
    const name = (): string => `the student's: ${namesOf(store)[1]}`;
    const options = { name, bars: false, overlays: [this.#captions[1]] };
    const el = this.#openMap(students, options, life.signal);
    const close = (): void => {
      el.remove();
      this.#second = undefined;
    };
    life.signal.addEventListener("abort", close, { once: true });
  }

  #name(): void {
    const [teacher, student] = namesOf(this.context.store);
    this.#captions[0].say("Teacher", teacher);
    this.#captions[1].say("Student", student);
  }

  #nameOfFirst(): string {
    const [teacher, student] = namesOf(this.context.store);
    if (this.#way === "side" || !this.#between.complete) return `the teacher's: ${teacher}`;
    return `between the teacher's, ${teacher}, and the student's, ${student}`;
  }
}
