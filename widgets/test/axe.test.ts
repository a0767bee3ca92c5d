import axe from "axe-core";
import { afterEach, describe, expect, test } from "vitest";
import { page } from "vitest/browser";
import { ask } from "../src/walk";
import { close, drawn, openExplorer, soon, view } from "./explorer";
import { payload } from "./synthetic";

afterEach(close);

/** The serious and critical faults that axe-core finds in the widget, one line each. */
async function faults(): Promise<string[]> {
  const { violations } = await axe.run(view.root, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
    );
}

describe.each(["light", "dark"] as const)("in a %s theme axe-core finds no serious fault", (theme) => {
  async function open(): Promise<void> {
    await page.viewport(1250, 900);
    document.body.style.background = theme === "dark" ? "#14161b" : "#ffffff";
    openExplorer({ traits: { theme, saved_selections: [{ name: "odd ones", count: 7 }] } });
    await drawn();
  }

  async function fill(): Promise<void> {
    ask(view.store, { kind: "item", row: 3 });
    ask(view.store, { kind: "item", row: 12 });
    view.store.set(
      "selection",
      Uint32Array.from({ length: 80 }, (_, i) => 3 * i),
    );
    const input = view.el.querySelector(".es-search-input") as HTMLInputElement;
    input.value = "launch";
    input.dispatchEvent(new Event("input"));
    await soon(() => {
      expect(view.el.querySelectorAll(".es-neighbor mark").length).toBeGreaterThan(0);
      expect(view.el.querySelectorAll(".es-row")).toHaveLength(50);
      expect(view.el.querySelectorAll(".es-share").length).toBeGreaterThan(3);
    });
    // Let what fades in stand.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  test("in a fresh explorer", async () => {
    await open();
    expect(await faults()).toEqual([]);
  });

  test("with neighbours, a search, a selection, filters and an open form", async () => {
    await open();
    await fill();
    (view.el.querySelector("[title='Filter the rows']") as HTMLElement).click();
    const label = [...view.el.querySelectorAll<HTMLElement>(".es-popper")].find((node) =>
      node.textContent?.startsWith("Label"),
    );
    label?.click();
    expect(await faults()).toEqual([]);
  });

  test("in a narrow explorer of images", async () => {
    await page.viewport(480, 900);
    const canvas = new OffscreenCanvas(64, 48);
    canvas.getContext("2d")?.fillRect(0, 0, 64, 48);
    const thumbnail = await canvas.convertToBlob();
    openExplorer(
      { traits: { theme, universe: { n: 2000, modality: "image", title: "Signs", facts: "2,000 images" } } },
      { item: (row) => ({ ...payload(row), text: null, thumbnail }) },
    );
    ask(view.store, { kind: "image", name: "sign.png", image: thumbnail });
    view.store.set("selection", Uint32Array.of(1, 5, 9));
    view.el.querySelector(".es-nears")?.scrollIntoView();
    await soon(() => expect(view.el.querySelector(".es-neighbor img")).not.toBeNull());
    await soon(() => expect(view.el.querySelectorAll(".es-row")).toHaveLength(3));
    expect(await faults()).toEqual([]);
  });

  test("with an original open", async () => {
    await open();
    await fill();
    view.store.set("opened", 12);
    await soon(() => expect(view.el.querySelector(".es-viewer-text")).not.toBeNull());
    expect(await faults()).toEqual([]);
  });
});
