import { measure } from "../../format";
import type { CurveRow, Training, TrainingDomain } from "../../model";

export interface Line {
  name: string;
  /** Null: the ink. */
  color: string | null;
  values: CurveRow;
  /** How it is drawn: the mean stands out, the merged index is dashed. */
  look: "main" | "domain" | "beside";
}

/** Lines over the same steps. */
export interface Chart {
  key: "loss" | "recall" | "kl";
  title: string;
  unit: string;
  steps: number[];
  /** The most important one last, over the others. */
  lines: Line[];
}

/** The charts of a run: loss, Recall@1 and KL, as far as there is something to draw. */
export function chartsOf({ domains = [], loss, validation }: Training): Chart[] {
  const several = domains.length > 1;
  const charts: Chart[] = [];
  if (loss) {
    const each = several ? linesOf(domains, loss.domains) : [];
    const all: Line = { name: several ? "all" : "loss", color: null, values: loss.total, look: "main" };
    charts.push({ key: "loss", title: "Loss", unit: "", steps: loss.steps, lines: [...each, all] });
  }
  if (validation) {
    const { steps, recall, merged } = validation;
    const each = linesOf(domains, validation.recall_domains);
    const mean: Line = { name: "mean", color: null, values: recall, look: "main" };
    const beside: Line = { name: "merged index", color: null, values: merged ?? [], look: "beside" };
    const lines = several || each.length === 0 ? [...each, beside, mean] : each;
    charts.push({ key: "recall", title: "Recall@1", unit: "of what is held out", steps, lines });
    const kl = linesOf(domains, validation.kl_domains);
    charts.push({ key: "kl", title: "KL from the specialist", unit: "nats", steps, lines: kl });
  }
  return charts
    .map((chart) => ({ ...chart, lines: chart.lines.filter(({ values }) => values.some(isNumber)) }))
    .filter(({ steps, lines }) => steps.length > 0 && lines.length > 0);
}

function linesOf(domains: readonly TrainingDomain[], rows: readonly (CurveRow | null)[]): Line[] {
  return domains.flatMap(({ name, color }, i) => {
    const values = rows[i];
    return values ? [{ name, color, values, look: "domain" as const }] : [];
  });
}

function isNumber(value: number | null): value is number {
  return value !== null;
}

/** A value as a chart writes it. */
export function valueWords(key: Chart["key"], value: number | null): string {
  if (value === null) return "–";
  return key === "recall" ? value.toFixed(3) : measure(value);
}

/** A line's value at a place, or the last one before it. */
export function valueAt(values: CurveRow, place: number): number | null {
  for (let i = Math.min(place, values.length - 1); i >= 0; i--) {
    const value = values[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** From the start to the last step that something was said of: how much is left, the bar above says. */
export function stepRange(charts: readonly Chart[]): [number, number] {
  return [0, Math.max(1, ...charts.map(({ steps }) => steps.at(-1) ?? 0))];
}
