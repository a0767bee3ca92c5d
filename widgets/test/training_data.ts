import type { CurveRow, Training, WireArray } from "../src/model";
import type { Action } from "../src/source/source";
import { close, openAtOnce, view } from "./driver";
import type { StaticOptions } from "./static_view";
import { payload } from "./synthetic";

export { close, view };

export const DOMAINS = ["emoji", "logos", "flags"];
const COLORS = ["#0072b2", "#e69f00", "#009e73"];
export const STEPS = [0, 20, 40, 60];
export const ITEMS = 90;

/** A distillation of three specialists that runs, with four validations. */
export const RUNNING: Training = {
  job: "distill",
  folder: "runs/distill-1a2b",
  state: "running",
  want: "run",
  step: 60,
  total: 200,
  rate: 3.214,
  remaining_s: 71,
  progress: null,
  domains: DOMAINS.map((name, i) => ({
    name,
    color: COLORS[i] as string,
    train: { images: 100, classes: 20 },
    validation: { images: 30, classes: 6 },
  })),
  loss: {
    steps: [10, 20, 30, 40, 50, 60],
    total: [5, 3, 2, 1.5, 1.25, 1],
    domains: [
      [5, null, 2, null, 1.5, null],
      [null, 3, null, 1.25, null, 0.75],
      [5, null, null, 1.5, null, 1],
    ],
  },
  validation: {
    steps: STEPS,
    recall: [0.3, 0.4, 0.5, 0.45],
    merged: [0.28, 0.38, 0.46, 0.44],
    recall_domains: [
      [0.2, 0.3, 0.4, 0.35],
      [0.4, 0.5, 0.6, 0.55],
      [0.3, 0.4, 0.5, 0.45],
    ],
    kl_domains: [
      [4, 2, 1, 0.5],
      [3, 1.5, 0.75, 0.625],
      [5, 2.5, 1.25, 1],
    ],
  },
  best: { step: 40, recall: 0.5 },
  checkpoint: 40,
  has_model: false,
  notes: [],
  error: "",
  maps: { steps: STEPS, shown: 60, trust: 0.934, waiting: 0, problem: "" },
};

const NONE: CurveRow[] = [];

/** The same run before its first step. */
export const BEFORE: Training = {
  ...RUNNING,
  step: 0,
  rate: null,
  remaining_s: null,
  domains: [],
  loss: { steps: [], total: [], domains: NONE },
  validation: { steps: [], recall: [], merged: null, recall_domains: NONE, kl_domains: NONE },
  best: null,
  checkpoint: 0,
  maps: { steps: [], shown: null, trust: null, waiting: 0, problem: "" },
};

export const acted: Action[] = [];

/** Places that turn with the step. */
export function placesAt(step: number): WireArray {
  const data = new Float32Array(2 * ITEMS);
  for (let i = 0; i < ITEMS; i++) {
    const angle = (2 * Math.PI * i) / ITEMS + step / 60;
    data[2 * i] = Math.cos(angle) * 0.9;
    data[2 * i + 1] = Math.sin(angle) * 0.9;
  }
  return { dtype: "float32", shape: [ITEMS, 2], data: data.buffer };
}

function codes(): WireArray {
  const data = Uint16Array.from({ length: ITEMS }, (_, i) => i % 3);
  return { dtype: "uint16", shape: [ITEMS], data: data.buffer };
}

/** A training view over this run; with no map where the run has none. */
export function openTraining(training: Training = RUNNING, options: StaticOptions = {}): void {
  acted.length = 0;
  const mapped = (training.maps?.steps.length ?? 0) > 0;
  const none: WireArray = { dtype: "float32", shape: [0, 2], data: new ArrayBuffer(0) };
  openAtOnce({
    n: ITEMS,
    answers: {
      item: (row) => ({ ...payload(row), title: `held-out ${row}` }),
      act: async (action) => {
        acted.push(action);
      },
    },
    ...options,
    traits: {
      panes: ["training"],
      universe: {
        n: mapped ? ITEMS : 0,
        modality: "image",
        title: "Distilling emoji, logos and flags into one net",
        facts: "efficientnet_lite0 · loss kl · 64 dims",
      },
      coords: mapped ? placesAt(60) : none,
      color: mapped
        ? {
            kind: "category",
            column: "domain",
            title: "domain",
            codes: codes(),
            names: DOMAINS,
            colors: COLORS,
            counts: [30, 30, 30],
          }
        : { kind: "none", column: "none", title: "" },
      color_by: "domain",
      color_choices: [{ key: "domain", title: "domain", kind: "category" }],
      labels: [],
      layout_choices: [],
      layout_by: "",
      training,
      height: 560,
      ...options.traits,
    },
  });
}

export function find<E extends Element = HTMLElement>(selector: string): E {
  const found = view.el.querySelector<E>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}

export function button(words: string): HTMLButtonElement {
  const found = [...view.el.querySelectorAll("button")].find(
    (each) => each.textContent === words || each.getAttribute("aria-label") === words,
  );
  if (!found) throw new Error(`There is no button “${words}”.`);
  return found;
}

/** The words at the ends of a chart's curves, as they lie from top to bottom. */
export function labelsOf(chart: string): string[] {
  const labels = [...view.el.querySelectorAll<HTMLElement>(`[data-chart="${chart}"] .es-train-label`)];
  labels.sort((a, b) => Number.parseFloat(a.style.top) - Number.parseFloat(b.style.top));
  return labels.map((label) =>
    [...label.querySelectorAll("bdi, .es-train-value")].map((part) => part.textContent).join(" "),
  );
}
