import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { page } from "vitest/browser";
import type { Payload } from "../src/source/source";
import { ask } from "../src/walk";
import { changesOf, close, FACTS, openDiff, view } from "./diff_view";
import { soon } from "./explorer";
import { payload } from "./synthetic";

afterEach(close);

async function faults(): Promise<string[]> {
  const { violations } = await axe.run(view.root, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
    );
}

describe.each(["light", "dark"] as const)("in a %s theme axe-core finds no serious fault", (theme) => {
  test.each([400, 900])("with neighbours, words marked and fewer dims, %i px wide", async (width) => {
    await page.viewport(width + 40, 900);
    document.body.style.background = theme === "dark" ? "#14161b" : "#ffffff";
    openDiff({}, { traits: { theme }, width });
    ask(view.store, { kind: "item", row: 8 });
    ask(view.store, { kind: "item", row: 40 });
    view.store.set("words", "launch");
    view.store.set("dimsInUse", [0, 16]);
    await soon(() => {
      expect(view.el.querySelectorAll(".es-compact mark").length).toBeGreaterThan(0);
      expect(view.el.querySelectorAll(".es-curve-dot").length).toBeGreaterThan(3);
      expect(view.el.querySelector(".es-waiting")).toBeNull();
    });
    // Let what was dimmed stand.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await faults()).toEqual([]);
  });

  test("before anything is asked, where no side was trained to be cut, and after an error", async () => {
    await page.viewport(440, 900);
    document.body.style.background = theme === "dark" ? "#14161b" : "#ffffff";
    const fail = async (): Promise<never> => {
      throw new Error("wordllama was loaded without its encoder.");
    };
    const comparison = { ...FACTS, matryoshka: [false, false] as [boolean, boolean] };
    openDiff({ changes: fail, truncation: fail }, { traits: { theme, comparison } });
    expect(await faults()).toEqual([]);
    const tried = [...view.el.querySelectorAll<HTMLElement>(".es-dims button")].find(
      ({ textContent }) => textContent === "Try fewer dims",
    );
    tried?.click();
    ask(view.store, { kind: "text", text: "rockets" });
    await soon(() => expect(view.el.querySelectorAll(".es-bad").length).toBe(2));
    expect(await faults()).toEqual([]);
  });
});

const MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b>bold</b>';
const KINDS: [string, string][] = [
  ["markup", MARKUP],
  ["bidi marks", "\u202Egnp.exe\u2066 turned"],
  ["a megabyte", "y".repeat(1_000_000)],
];

test.each(
  KINDS,
)("%s stays text, in cards, names, notes and errors, and breaks nothing out", async (_kind, text) => {
  await page.viewport(1000, 1200);
  openDiff(
    {
      item: (row): Payload => ({ ...payload(row), id: text, title: text, text }),
      changes: async (query, k, dims) => {
        if (query.kind === "text") throw new Error(text.slice(0, 5000));
        return { ...changesOf(query, k, dims), note: text };
      },
      truncation: async () => {
        throw new Error(text.slice(0, 5000));
      },
    },
    { traits: { comparison: { ...FACTS, names: [text, text], metrics: [text.slice(0, 99), "cosine"] } } },
  );
  const sample = text.slice(0, 12);
  const holds = (part: string): void => expect(view.el.querySelector(part)?.textContent).toContain(sample);
  ask(view.store, { kind: "item", row: 40 });
  await soon(() => {
    for (const part of [".es-compact", ".es-at-hand", ".es-near-note", ".es-dims-reading"]) holds(part);
  });
  for (const part of [".es-diff-side-name", ".es-diff-side-facts", ".es-dims .es-diff-choice"]) holds(part);
  const pane = view.el.querySelector(".es-pane-diff") as HTMLElement;
  expect(pane.scrollWidth).toBeLessThanOrEqual(pane.clientWidth);
  for (const card of view.el.querySelectorAll<HTMLElement>(".es-compact")) {
    expect(card.offsetHeight).toBe(74);
    expect((card.textContent ?? "").length).toBeLessThan(1000);
  }
  ask(view.store, { kind: "text", text });
  await soon(() => holds(".es-near-state"));
  expect(view.el.querySelector("b, script, img")).toBeNull();
  expect("hacked" in window).toBe(false);
});
