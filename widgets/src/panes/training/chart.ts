import { element, svg } from "../../dom";
import { count } from "../../format";
import { type Chart, valueAt, valueWords } from "./curves";
import { across, axesOf, captionAt, cursorOf, linesOf, type Setting, stepAt } from "./drawing";
import { nearest, placeAt, type Room, scaleOf, spread } from "./geometry";
import { Labels } from "./labels";

const LEFT = 46;
const TOP = 6;
const AXIS = 22;
const FOOT = 6;
const LABELS = { wide: 148, narrow: 118, from: 460 };
const LABEL_HEIGHT = 15;
const PIXELS_A_TICK = 40;
const HINT = "Click: the map of this step";

/** What the charts show beside their curves. */
export interface Marks {
  range: readonly [number, number];
  /** The step whose weights are kept as the best. */
  best: number | null;
  /** The step whose map is shown. */
  shown: number | null;
  axis: boolean;
  dark: boolean;
}

export interface ChartEvents {
  /** A step is pointed at; null: none any more. */
  point(step: number | null): void;
  /** A step is chosen. */
  pick(step: number): void;
}

/** One chart: its curves with names at their ends, read at the step that is pointed at. */
export class ChartView {
  readonly #title = element("h3", { class: "es-train-heading" });
  readonly #unit = element("span", { class: "es-train-unit" });
  readonly #plot = element("div", {
    class: "es-train-plot",
    role: "slider",
    tabindex: "0",
    title: HINT,
  });
  readonly #svg = svg("svg", { class: "es-train-svg", "aria-hidden": "true" });
  readonly #labels = new Labels();
  readonly host = element(
    "section",
    { class: "es-train-chart" },
    element("div", { class: "es-train-head" }, this.#title, this.#unit),
    this.#plot,
  );
  #cursor = svg("g", {});
  #chart: Chart | undefined;
  #marks: Marks | undefined;
  #setting: Setting | undefined;
  #step: number | null = null;

  constructor(
    private readonly events: ChartEvents,
    signal: AbortSignal,
  ) {
    const plot = this.#plot;
    plot.append(this.#svg, this.#labels.host);
    plot.addEventListener("pointermove", (event) => events.point(this.#under(event)), { signal });
    plot.addEventListener("pointerleave", () => events.point(null), { signal });
    plot.addEventListener("blur", () => events.point(null), { signal });
    plot.addEventListener("keydown", (event) => this.#press(event), { signal });
    plot.addEventListener(
      "click",
      (event) => {
        const step = this.#under(event);
        if (step !== null) events.pick(step);
      },
      { signal },
    );
    const resized = new ResizeObserver(() => this.#draw());
    resized.observe(plot);
    signal.addEventListener("abort", () => resized.disconnect(), { once: true });
  }

  show(chart: Chart, marks: Marks): void {
    this.#chart = chart;
    this.#marks = marks;
    this.#title.textContent = chart.title;
    this.#unit.textContent = chart.unit;
    this.host.dataset.chart = chart.key;
    this.host.classList.toggle("es-axis", marks.axis);
    this.#draw();
  }

  /** Read the curves at a step, or at their ends. */
  read(step: number | null): void {
    this.#step = step;
    const [chart, setting] = [this.#chart, this.#setting];
    if (!chart || !setting) return;
    const place = this.#place(chart);
    const cursor = step === null ? svg("g", {}) : cursorOf(chart, setting, place);
    this.#cursor.replaceWith(cursor);
    this.#cursor = cursor;
    this.#labels.at(place);
    this.#say(chart, place);
  }

  #draw(): void {
    const [chart, marks] = [this.#chart, this.#marks];
    const { clientWidth: width, clientHeight: height } = this.#plot;
    if (!chart || !marks || width === 0) return;
    const room = roomOf(width, height, marks.axis);
    const scale = scaleOf(
      chart.lines.map(({ values }) => values),
      Math.max(2, Math.floor(room.height / PIXELS_A_TICK)),
    );
    const setting = { room, scale, range: marks.range, axis: marks.axis, dark: marks.dark };
    this.#setting = setting;
    this.#svg.setAttribute("width", String(width));
    this.#svg.setAttribute("height", String(height));
    this.#svg.replaceChildren(axesOf(chart, setting), ...markLines(chart, setting, marks));
    this.#svg.append(linesOf(chart, setting), this.#cursor);
    const last = chart.steps.length - 1;
    const ends = chart.lines.map(({ values }) => {
      const value = valueAt(values, last) ?? scale.range[0];
      return room.top + room.height - placeAt(value, scale.range, room.height);
    });
    const heights = spread(ends, LABEL_HEIGHT, room.top + 2, room.top + room.height - 2);
    const end = stepAt(setting, chart.steps[last] ?? 0);
    this.#labels.host.style.left = `${Math.max(end, room.left + room.width * 0.25) + 8}px`;
    this.#labels.show(chart, heights, marks.dark);
    this.read(this.#step);
  }

  #place({ steps }: Chart): number {
    return this.#step === null ? steps.length - 1 : nearest(steps, this.#step);
  }

  #say({ key, title, steps, lines }: Chart, place: number): void {
    const plot = this.#plot;
    const step = steps[place] ?? 0;
    const read = lines.map(({ name, values }) => `${name} ${valueWords(key, valueAt(values, place))}`);
    plot.setAttribute("aria-label", `${title} by step; Enter shows the map there`);
    plot.setAttribute("aria-valuemin", String(steps[0] ?? 0));
    plot.setAttribute("aria-valuemax", String(steps.at(-1) ?? 0));
    plot.setAttribute("aria-valuenow", String(step));
    plot.setAttribute("aria-valuetext", `step ${count(step)}: ${read.reverse().join(", ")}`);
  }

  #under(event: MouseEvent): number | null {
    const [chart, setting] = [this.#chart, this.#setting];
    if (!chart || !setting) return null;
    const { room, range } = setting;
    const x = event.clientX - this.#plot.getBoundingClientRect().left - room.left;
    const step = range[0] + (x / room.width) * (range[1] - range[0]);
    return chart.steps[nearest(chart.steps, step)] ?? null;
  }

  #press(event: KeyboardEvent): void {
    const chart = this.#chart;
    if (!chart || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = chart.steps.length - 1;
    const place = this.#place(chart);
    const moves: Record<string, number> = {
      ArrowLeft: place - 1,
      ArrowDown: place - 1,
      ArrowRight: place + 1,
      ArrowUp: place + 1,
      Home: 0,
      End: last,
    };
    const next = moves[event.key];
    if (event.key === "Enter") this.events.pick(chart.steps[place] ?? 0);
    else if (next === undefined) return;
    else this.events.point(chart.steps[Math.max(0, Math.min(last, next))] ?? null);
    event.preventDefault();
  }
}

function roomOf(width: number, height: number, axis: boolean): Room {
  const labels = width >= LABELS.from ? LABELS.wide : LABELS.narrow;
  return {
    left: LEFT,
    top: TOP,
    width: Math.max(40, width - LEFT - labels),
    height: Math.max(20, height - TOP - (axis ? AXIS : FOOT)),
  };
}

function markLines(chart: Chart, setting: Setting, { best, shown }: Marks): SVGElement[] {
  const made: SVGElement[] = [];
  if (shown !== null && chart.key !== "loss") made.push(across(setting, shown, "es-train-shown"));
  if (best !== null && chart.key !== "loss") {
    made.push(across(setting, best, "es-train-best"));
    if (chart.key === "recall") made.push(captionAt(setting, best, "best"));
  }
  return made;
}
