import { count } from "../../format";
import { cut } from "../../marked";
import type { PairKind } from "../../source/source";

export const SELECTED = "selected";
const MOST_NAME = 40;

const TITLES: Record<string, string> = {
  all: "All pairs",
  "same label": "Same label",
  "different label": "Different label",
  "within domain": "Within a domain",
  "across domains": "Across domains",
};

/** Kinds that say more beside each other. */
const TOGETHER: [string, string, string][] = [
  ["same label", "different label", "Same and different label"],
  ["within domain", "across domains", "Within and across domains"],
];

/** What the menu of kinds offers: one kind, or two that are compared. */
export interface Choice {
  key: string;
  title: string;
  kinds: string[];
}

/** A kind's name in words; of the selected ones also how many items they are pairs of. */
export function kindTitle(kind: string, items = 0): string {
  if (kind === SELECTED) return items > 0 ? `Among ${count(items)} selected` : "Among the selected";
  return TITLES[kind] ?? cut(kind, MOST_NAME);
}

/** Every choice there is, those that compare first. */
export function choicesOf(kinds: readonly PairKind[], items = 0): Choice[] {
  const names = kinds.map(({ kind }) => kind);
  const together = TOGETHER.filter(([one, other]) => names.includes(one) && names.includes(other)).map(
    ([one, other, title]) => ({ key: `${one}+${other}`, title, kinds: [one, other] }),
  );
  const single = names.map((kind) => ({ key: kind, title: kindTitle(kind, items), kinds: [kind] }));
  return [...together, ...single];
}

/** The choice that was made where it is still offered, else the first; the joint view shows one kind at a time. */
export function chosenOf(choices: readonly Choice[], key: string, joint: boolean): Choice | undefined {
  const offered = joint ? choices.filter(({ kinds }) => kinds.length === 1) : choices;
  return offered.find((choice) => choice.key === key) ?? offered[0];
}

/** Pairs of a kind; both sides count the same ones. */
export function pairsOf({ teacher }: PairKind): number {
  return teacher.reduce((sum, each) => sum + each, 0);
}
