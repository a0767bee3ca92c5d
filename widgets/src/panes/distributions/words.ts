import { count, measure, percent } from "../../format";
import { cut } from "../../marked";
import type { Distributions, ExamplePair, PairBin, PairKind, Side } from "../../source/source";
import { distance } from "../neighbors/cards";
import { kindTitle, pairsOf } from "./choices";

const MOST_NAME = 28;

/** A number that the head shows. */
export interface Figure {
  name: string;
  value: string;
  /** What it means, for the tooltip. */
  about: string;
}

/** What the two spaces are called, short enough for a line. */
export function namesOf(names: readonly [string, string] | undefined): Record<Side, string> {
  const [teacher = "", student = ""] = names ?? [];
  return { teacher: cut(teacher, MOST_NAME) || "Teacher", student: cut(student, MOST_NAME) || "Student" };
}

/** The numbers of one kind, before those that need labels. */
export function kindFigures({ js, wasserstein }: PairKind, unit: string): Figure[] {
  const made: Figure[] = [];
  if (js !== null)
    made.push({
      name: "JS",
      value: `${measure(js)} nats`,
      about:
        "Jensen–Shannon divergence of the two histograms: 0 where they are the same, 0.693 where they never meet.",
    });
  if (wasserstein !== null)
    made.push({
      name: "Wasserstein-1",
      value: measure(wasserstein),
      about: `How far the teacher's distances must be moved, on average, to lie like the student's: in units of ${unit}.`,
    });
  return made;
}

/** How well each space tells same-label pairs from others. */
export function separationFigures({ separation }: Distributions): Figure[] {
  if (!separation) return [];
  const { auc, dPrime } = separation;
  return [
    {
      name: "AUC",
      value: arrow(auc, 3),
      about:
        "The chance that a pair of one label is nearer than a pair of two labels, teacher → student: 1 is perfect, 0.5 says nothing.",
    },
    {
      name: "d′",
      value: arrow(dPrime, 2),
      about:
        "How many standard deviations lie between the mean distances of same-label and different-label pairs, teacher → student.",
    },
  ];
}

/** From the teacher to the student, with as many digits on both sides. */
function arrow([teacher, student]: [number, number], digits: number): string {
  const words = (value: number): string =>
    Number.isFinite(value) ? value.toFixed(digits).replace("-", "−") : measure(value);
  return `${words(teacher)} → ${words(student)}`;
}

/** A bin's range; the first and the last one also hold what lies beyond. */
export function rangeOf(edges: readonly number[], bin: number): string {
  const [low = Number.NaN, high = Number.NaN] = edges.slice(bin, bin + 2);
  const [from, to] = [distance(low), distance(high)];
  if (bin === edges.length - 2) return `${from} and more`;
  return bin === 0 && low > 0 ? `up to ${to}` : `${from} – ${to}`;
}

/** Pairs in a bin, and their share of the kind. */
export function countAndShare(pairs: number, all: number): string {
  return pairs > 0 ? `${count(pairs)} (${percent(pairs, all)})` : "none";
}

/** One bar for those who hear it. */
export function barLabel(
  kind: PairKind,
  edges: readonly number[],
  side: Side,
  bin: number,
  name: string,
): string {
  const pairs = kind[side][bin] ?? 0;
  return `${name}, ${rangeOf(edges, bin)}: ${count(pairs)} ${pairs === 1 ? "pair" : "pairs"}, ${percent(pairs, pairsOf(kind))}`;
}

/** What the list of example pairs is of. */
export function binTitle(
  bin: PairBin,
  { edges }: Distributions,
  names: Record<Side, string>,
  items: number,
): string {
  const parts = [kindTitle(bin.kind, items)];
  for (const side of ["teacher", "student"] as const) {
    const place = bin[side];
    if (place !== null) parts.push(`${names[side]} ${rangeOf(edges, place)}`);
  }
  return parts.join(" · ");
}

/** How many pairs of a bin are shown. */
export function shownOf(pairs: readonly ExamplePair[], all: number): string {
  if (pairs.length === 0) return "No example was kept of this bin.";
  const shown = `${count(pairs.length)} of ${count(Math.max(all, pairs.length))} ${all === 1 ? "pair" : "pairs"}`;
  return pairs.length >= all ? (all === 1 ? "The only pair" : `All ${count(all)} pairs`) : shown;
}

/** Pairs in a bin of a kind, on one side or on both. */
export function pairsIn(kind: PairKind | undefined, { teacher, student }: PairBin, bins: number): number {
  if (!kind) return 0;
  if (teacher !== null && student !== null) return kind.joint?.[teacher * bins + student] ?? 0;
  if (teacher !== null) return kind.teacher[teacher] ?? 0;
  return student === null ? pairsOf(kind) : (kind.student[student] ?? 0);
}
