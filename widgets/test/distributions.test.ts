import axe from "axe-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { page } from "vitest/browser";
import type { Distributions, PairBin, Source } from "../src/source/source";
import type { Answers } from "../src/source/static";
import { NO_ROWS, select } from "../src/state";
import { BINS, counted, distancesOf, pairsOver } from "./distances_data";
import { close, openAtOnce, view } from "./driver";
import { soon, text } from "./explorer";
import type { StaticOptions } from "./static_view";

const N = 120;
const NAMES: [string, string] = ["all-MiniLM-L6-v2", "wordllama"];

afterEach(close);

function openPane(answers: Partial<Answers> = {}, traits: StaticOptions["traits"] = {}): void {
  const groups = [{ key: "cluster", title: "Cluster", n: 13 }];
  openAtOnce({
    n: N,
    traits: { panes: ["distributions"], comparison: { names: NAMES, groups }, ...traits },
    answers: { item: text, ...distancesOf(N), ...answers },
  });
}

async function ready(): Promise<void> {
  await soon(() => expect(hits().length).toBeGreaterThan(10));
}

function find<E extends Element = HTMLElement>(selector: string): E {
  const found = view.el.querySelector<E>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}

function hits(kind = ""): SVGElement[] {
  const within = kind === "" ? "" : `[data-kind="${kind}"] `;
  return [...view.el.querySelectorAll<SVGElement>(`.es-dist-panel:not([hidden]) ${within}[data-bin]`)];
}

function hit(kind: string, bin: number, side: string): SVGElement {
  return find(`.es-dist-panel:not([hidden]) [data-kind="${kind}"] [data-bin="${bin}"][data-side="${side}"]`);
}

function click(target: Element, at: MouseEventInit = {}): void {
  target.dispatchEvent(new MouseEvent("click", { bubbles: true, ...at }));
}

function press(target: Element, key: string): void {
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function choose(value: string): void {
  const menu = find<HTMLSelectElement>(".es-dist-kinds");
  menu.value = value;
  menu.dispatchEvent(new Event("change"));
}

function pairs(): HTMLElement[] {
  return [...view.el.querySelectorAll<HTMLElement>(".es-pair")];
}

function state(): string {
  return find(".es-dist-state .es-near-state").textContent ?? "";
}

async function answer(): Promise<Distributions> {
  return distancesOf(N).distributions("cluster", null);
}

/** The fullest bin of a kind's side. */
async function fullBin(kind: string, side: "teacher" | "student"): Promise<number> {
  const found = (await answer()).kinds.find((each) => each.kind === kind);
  const counts = found?.[side] ?? [];
  return counts.indexOf(Math.max(...counts));
}

describe("the histograms", () => {
  test("with labels, same and different stand over each other, with both numbers of the separation", async () => {
    const distributions = vi.fn<Source["distributions"]>(distancesOf(N).distributions);
    openPane({ distributions });
    await ready();
    expect(distributions.mock.calls.map(([by, rows]) => [by, rows])).toEqual([["cluster", null]]);
    const kinds = [...view.el.querySelectorAll<SVGElement>("[data-kind]")].map(({ dataset }) => dataset.kind);
    expect(kinds.slice(0, 2)).toEqual(["same label", "different label"]);
    const { separation } = await answer();
    const [teacher, student] = separation?.auc ?? [0, 0];
    expect(teacher).toBeGreaterThan(student);
    expect(find(".es-dist-figures").textContent).toContain(
      `AUC${teacher.toFixed(3)} → ${student.toFixed(3)}`,
    );
    expect(find(".es-dist-note").textContent).toBe("exact · Labels: Cluster");
    expect(find(".es-dist-legend").textContent).toContain(NAMES[0]);
    expect(find(".es-dist-legend").textContent).toContain(NAMES[1]);
  });

  test("every bin with pairs is a button on its side, an empty one is none", async () => {
    openPane();
    await ready();
    choose("all");
    const [all] = (await answer()).kinds;
    for (const side of ["teacher", "student"] as const) {
      const filled = (all?.[side] ?? []).flatMap((count, bin) => (count > 0 ? [bin] : []));
      const shown = hits("all").filter(({ dataset }) => dataset.side === side);
      expect(shown.map(({ dataset }) => Number(dataset.bin))).toEqual(filled);
      expect(filled.length).toBeLessThan(BINS);
    }
    expect(hits("all").every((each) => each.getAttribute("role") === "button")).toBe(true);
    const bin = await fullBin("all", "student");
    expect(hit("all", bin, "student").getAttribute("aria-label")).toContain(
      `wordllama, ${rangeWords(bin)}: ${all?.student[bin]?.toLocaleString("en-US")} pairs`,
    );
    const figures = find(".es-dist-figures").textContent;
    expect(figures).toMatch(/^JS0\.\d+ natsWasserstein-10\.\d+AUC0\.\d+ → 0\.\d+$/);
  });

  test("lines differ by their strokes too, and the student's fill is hatched", async () => {
    openPane();
    await ready();
    const [teacher, student] = view.el.querySelectorAll<SVGPathElement>("path.es-dist-shape");
    const [ours, theirs] = [teacher, student].map((path) => getComputedStyle(path as Element));
    expect(ours?.stroke).not.toBe(theirs?.stroke);
    expect(ours?.strokeDasharray).toBe("none");
    expect(theirs?.strokeDasharray).not.toBe("none");
    expect(theirs?.fill).toContain("url(");
  });

  test("logarithmic counts start at 1, and low bins grow", async () => {
    openPane();
    await ready();
    choose("all");
    const path = (): string => find<SVGPathElement>("path.es-dist-shape").getAttribute("d") ?? "";
    const even = path();
    click(find("[data-key=log]"));
    expect(path()).not.toBe(even);
    expect(path().match(/H/g)).toHaveLength(even.match(/H/g)?.length ?? 0);
    const ticks = [...view.el.querySelectorAll(".es-dist-panel:not([hidden]) text")].map(
      (each) => each.textContent,
    );
    expect(ticks[0]).toBe("1");
    expect(find("[data-key=log]").getAttribute("aria-pressed")).toBe("true");
  });

  test("a bin under the pointer says its range, both counts and both shares", async () => {
    openPane();
    await ready();
    choose("all");
    const bin = await fullBin("all", "teacher");
    hit("all", bin, "teacher").dispatchEvent(new PointerEvent("pointermove", { bubbles: true }));
    const [all] = (await answer()).kinds;
    const tip = find(".es-dist-tip").textContent ?? "";
    expect(tip).toContain(rangeWords(bin));
    for (const side of ["teacher", "student"] as const)
      expect(tip).toContain(`${(all?.[side][bin] ?? 0).toLocaleString("en-US")} (`);
    expect(find(".es-dist-tip .es-meant").textContent).toContain(NAMES[0]);
    find(".es-dist-panel").dispatchEvent(new PointerEvent("pointerleave"));
    expect(find(".es-dist-tip").textContent?.trim()).toBe("");
  });

  test("the means are marked where they are", async () => {
    openPane();
    await ready();
    choose("all");
    const [all] = (await answer()).kinds;
    const words = find(".es-dist-legend").textContent ?? "";
    for (const mean of all?.means ?? []) expect(words).toContain(String(Number(mean.toPrecision(3))));
    const marks = [...view.el.querySelectorAll<SVGPathElement>(".es-dist-panel:not([hidden]) .es-dist-mean")];
    const [teacher, student] = marks.map((mark) =>
      Number(/^M([\d.]+)/.exec(mark.getAttribute("d") ?? "")?.[1]),
    );
    expect((all?.means[0] ?? 0) > (all?.means[1] ?? 0)).toBe((teacher ?? 0) > (student ?? 0));
  });
});

function rangeWords(bin: number): string {
  const at = (edge: number): string => ((1.3 * edge) / BINS).toPrecision(3);
  return bin === 0 ? `0 – ${at(1)}` : `${at(bin)} – ${at(bin + 1)}`;
}

describe("opening a bin", () => {
  async function openBin(): Promise<PairBin> {
    await ready();
    const bin = await fullBin("same label", "student");
    click(hit("same label", bin, "student"));
    await soon(() => expect(pairs().length).toBeGreaterThan(2));
    return { by: "cluster", kind: "same label", teacher: null, student: bin };
  }

  test("lists its pairs, selects their items, and marks the bin", async () => {
    openPane();
    const bin = await openBin();
    expect(view.store.get("bin")).toEqual(bin);
    const expected = await distancesOf(N).pairs(bin);
    expect(pairs().map(({ dataset }) => dataset.rows)).toEqual(expected.map(({ rows }) => rows.join(" ")));
    const rows = [...new Set(expected.flatMap(({ rows }) => rows))].sort((a, b) => a - b);
    expect([...view.store.get("selection")]).toEqual(rows);
    expect(hit("same label", bin.student ?? -1, "student").getAttribute("aria-pressed")).toBe("true");
    expect(find(".es-pairs-title").textContent).toBe(
      `Same label · wordllama ${rangeWords(bin.student ?? 0)}`,
    );
    const [first] = expected;
    const [one, other] = first?.rows ?? [0, 0];
    await soon(() => expect(pairs()[0]?.textContent).toContain(text(one).title.slice(0, 20)));
    const items = [...(pairs()[0]?.querySelectorAll<HTMLElement>(".es-pair-item") ?? [])];
    expect(items.map(({ dataset }) => Number(dataset.row))).toEqual([one, other]);
    expect(pairs()[0]?.textContent).toContain(`wordllama ${(first?.student ?? 0).toPrecision(3)}`);
  });

  test("a pair is selected and walked to; the item under the pointer is hovered everywhere", async () => {
    openPane();
    await openBin();
    const [one, other] = (pairs()[1]?.dataset.rows ?? "").split(" ").map(Number) as [number, number];
    const items = pairs()[1]?.querySelectorAll(".es-pair-item");
    items?.[1]?.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
    expect(view.store.get("hover")).toBe(other);
    find(".es-pairs-list").dispatchEvent(new PointerEvent("pointerleave"));
    expect(view.store.get("hover")).toBe(-1);
    click(pairs()[1]?.querySelector("button") as Element);
    expect([...view.store.get("selection")]).toEqual([one, other].sort((a, b) => a - b));
    expect(view.store.get("query")).toEqual({ kind: "item", row: one });
    expect(pairs()[1]?.getAttribute("aria-current")).toBe("true");
  });

  test("arrows walk through the pairs, and Escape goes back to the bin", async () => {
    openPane();
    await openBin();
    const buttons = pairs().map((pair) => pair.querySelector("button") as HTMLButtonElement);
    buttons[0]?.focus();
    press(buttons[0] as Element, "ArrowDown");
    expect(document.activeElement).toBe(buttons[1]);
    expect(buttons.map(({ tabIndex }) => tabIndex).filter((each) => each === 0)).toHaveLength(1);
    press(buttons[1] as Element, "Escape");
    expect(view.store.get("bin")).toBeNull();
    expect(pairs()).toHaveLength(0);
    expect(find(".es-pairs-state").textContent).toContain("Click a bin");
    expect((document.activeElement as SVGElement).closest("[data-kind]")?.getAttribute("data-kind")).toBe(
      "same label",
    );
  });

  test("by keys: one stop a panel, arrows along the bins and between the sides, Enter opens", async () => {
    const asked = vi.fn<Source["pairs"]>(distancesOf(N).pairs);
    openPane({ pairs: asked });
    await ready();
    const stops = hits().filter((each) => each.getAttribute("tabindex") === "0");
    expect(stops.map((each) => each.closest("[data-kind]")?.getAttribute("data-kind"))).toEqual([
      "same label",
      "different label",
    ]);
    const start = await fullBin("same label", "teacher");
    expect(Number(stops[0]?.dataset.bin)).toBe(start);
    stops[0]?.focus();
    press(document.activeElement as Element, "ArrowRight");
    press(document.activeElement as Element, "ArrowUp");
    const at = document.activeElement as SVGElement;
    expect([Number(at.dataset.bin), at.dataset.side]).toEqual([start + 1, "student"]);
    expect(find(".es-dist-tip").textContent).toContain(rangeWords(start + 1));
    press(at, "Enter");
    await soon(() => expect(pairs().length).toBeGreaterThan(0));
    expect(asked.mock.calls[0]?.[0]).toEqual({
      by: "cluster",
      kind: "same label",
      teacher: null,
      student: start + 1,
    });
    expect(document.activeElement).toBe(at);
  });

  test("a bin of which nothing was kept, and one that cannot be answered, are said", async () => {
    let fails = false;
    const none: Source["pairs"] = async () => {
      if (fails) throw new Error("The bin is gone.");
      return [];
    };
    openPane({ pairs: none });
    await ready();
    select(view.store, [4, 5]);
    click(hits()[0] as Element);
    await soon(() => expect(find(".es-pairs-state").textContent).toBe("No example was kept of this bin."));
    expect([...view.store.get("selection")]).toEqual([4, 5]);
    fails = true;
    click(hits()[1] as Element);
    await soon(() => expect(find(".es-pairs-state").textContent).toBe("The bin is gone."));
    expect(find(".es-pairs-state").classList.contains("es-bad")).toBe(true);
  });

  test("pairs of images show both pictures", async () => {
    const canvas = new OffscreenCanvas(12, 9);
    canvas.getContext("2d")?.fillRect(0, 0, 12, 9);
    const thumbnail = await canvas.convertToBlob();
    openPane(
      { item: (row) => ({ ...text(row), text: null, thumbnail }) },
      { universe: { n: N, modality: "image", title: "Signs", facts: "" } },
    );
    await openBin();
    await soon(() => expect(pairs()[0]?.querySelectorAll("img")).toHaveLength(2));
    await soon(() => expect(pairs()[0]?.querySelector("img")?.naturalWidth).toBe(12));
  });
});

describe("the joint histogram", () => {
  async function openJoint(): Promise<HTMLCanvasElement> {
    await ready();
    click(find("[data-key=joint]"));
    const canvas = find<HTMLCanvasElement>(".es-joint-canvas");
    expect(canvas.clientWidth).toBeGreaterThan(100);
    return canvas;
  }

  test("shows one kind, darkest where most pairs are, and opens a bin of both sides", async () => {
    openPane();
    const canvas = await openJoint();
    expect(find<HTMLSelectElement>(".es-dist-kinds").value).toBe("all");
    const all = pairsOver(Array.from({ length: N }, (_, row) => row));
    const joint = counted("all", all).joint as Uint32Array;
    const at = joint.indexOf(Math.max(...joint));
    const [teacher, student] = [Math.floor(at / BINS), at % BINS];
    const box = canvas.getBoundingClientRect();
    const place = {
      clientX: box.left + ((teacher + 0.5) * box.width) / BINS,
      clientY: box.bottom - ((student + 0.5) * box.height) / BINS,
    };
    const alpha = (x: number, y: number): number => {
      const scale = canvas.width / box.width;
      const [px, py] = [(x - box.left) * scale, (y - box.top) * scale];
      return canvas.getContext("2d")?.getImageData(Math.floor(px), Math.floor(py), 1, 1).data[3] ?? -1;
    };
    expect(alpha(place.clientX, place.clientY)).toBeGreaterThan(250);
    expect(alpha(box.left + 1, box.top + 1)).toBe(0);
    canvas.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, ...place }));
    expect(find(".es-dist-tip").textContent).toContain(`${joint[at]} (`);
    click(canvas, place);
    expect(view.store.get("bin")).toEqual({ by: "cluster", kind: "all", teacher, student });
    await soon(() => expect(pairs().length).toBeGreaterThan(0));
    expect(find(".es-pairs-state").textContent).toContain(
      (joint[at] as number) > 8 ? `8 of ${joint[at]}` : `All ${joint[at]}`,
    );
    click(canvas, { clientX: box.left + 1, clientY: box.top + 1 });
    expect(view.store.get("bin")).toMatchObject({ teacher, student });
  });

  test("by keys: arrows move from the fullest bin, Enter opens, Escape closes", async () => {
    openPane();
    const canvas = await openJoint();
    canvas.focus();
    press(canvas, "Enter");
    const first = view.store.get("bin");
    expect(first?.kind).toBe("all");
    press(canvas, "ArrowLeft");
    expect(find(".es-dist-tip").textContent).toContain(rangeWords((first?.teacher ?? 0) - 1));
    press(canvas, "Escape");
    expect(view.store.get("bin")).toBeNull();
  });

  test("a kind without one says so", async () => {
    const bare: Source["distributions"] = async () => {
      const data = await answer();
      return { ...data, kinds: data.kinds.map((kind) => ({ ...kind, joint: null })) };
    };
    openPane({ distributions: bare });
    await ready();
    click(find("[data-key=joint]"));
    expect(find(".es-dist-none").textContent).toBe("The joint histogram of these pairs was not counted.");
    expect(find(".es-joint").hidden).toBe(true);
  });
});

describe("the selection", () => {
  test("its pairs are asked for when it has come to rest, drawn thin, and offered as a kind", async () => {
    const distributions = vi.fn<Source["distributions"]>(distancesOf(N).distributions);
    openPane({ distributions });
    await ready();
    select(view.store, [1, 2, 3]);
    select(view.store, [1, 2, 3, 4, 5]);
    expect(view.el.querySelector("path.es-dist-thin")).toBeNull();
    await soon(() => expect(view.el.querySelectorAll("path.es-dist-thin")).toHaveLength(4));
    expect(distributions.mock.calls.map(([, rows]) => rows && [...rows])).toEqual([null, [1, 2, 3, 4, 5]]);
    expect(find(".es-dist-legend").textContent).toContain("Among 5 selected, own scale");
    choose("selected");
    const total = hits("selected").filter(({ dataset }) => dataset.side === "teacher");
    expect(total.length).toBeGreaterThan(0);
    expect(view.el.querySelector(".es-dist-panel:not([hidden]) path.es-dist-thin")).toBeNull();
    expect(view.el.querySelectorAll(".es-dist-panel[hidden] [data-bin]")).toHaveLength(0);
    view.store.set("selection", NO_ROWS);
    expect([...find<HTMLSelectElement>(".es-dist-kinds").options].map(({ value }) => value)).not.toContain(
      "selected",
    );
    expect(hits("same label").length).toBeGreaterThan(0);
  });

  test("this pane's own clicks change no kind", async () => {
    const distributions = vi.fn<Source["distributions"]>(distancesOf(N).distributions);
    openPane({ distributions });
    await ready();
    const bin = await fullBin("same label", "teacher");
    click(hit("same label", bin, "teacher"));
    await soon(() => expect(view.store.get("selection").length).toBeGreaterThan(2));
    await new Promise((resolve) => setTimeout(resolve, 550));
    expect(distributions).toHaveBeenCalledTimes(1);
  });

  test("one item asks nothing; what cannot be counted is said and hides nothing", async () => {
    const distributions = vi.fn<Source["distributions"]>(async (by, rows) => {
      if (rows) throw new Error("Too busy.");
      return distancesOf(N).distributions(by, rows);
    });
    openPane({ distributions });
    await ready();
    select(view.store, [7]);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(distributions).toHaveBeenCalledTimes(1);
    select(view.store, [7, 8]);
    await soon(() => expect(find(".es-dist-note").textContent).toContain("cannot be shown: Too busy."));
    expect(hits().length).toBeGreaterThan(10);
    view.store.set("selection", NO_ROWS);
    expect(find(".es-dist-note").textContent).toBe("exact · Labels: Cluster");
  });
});

describe("waiting and failing", () => {
  test("the first wait is said, a busy kernel too, and a failure can be tried again", async () => {
    let answers: ((data: Distributions) => void) | undefined;
    let fails = false;
    const distributions: Source["distributions"] = () =>
      fails
        ? Promise.reject(new Error("The spaces have no items in common."))
        : new Promise((resolve) => {
            answers = resolve;
          });
    openPane({ distributions });
    expect(state()).toBe("Counting pairs…");
    view.store.set("busy", true);
    expect(state()).toBe("The kernel is busy; waiting for it…");
    view.store.set("busy", false);
    fails = true;
    view.store.set("groupBy", "split");
    await soon(() => expect(state()).toBe("The spaces have no items in common."));
    expect(find(".es-dist-body").hidden).toBe(true);
    fails = false;
    find<HTMLButtonElement>(".es-dist-again").click();
    expect(state()).toBe("Counting pairs…");
    await vi.waitFor(() => expect(answers).toBeDefined());
    answers?.(await answer());
    await ready();
    expect(find(".es-dist-state").hidden).toBe(true);
  });

  test("other groups ask again, cancel what is under way, and close the bin; what is shown stays, dimmed", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    let slow = false;
    const distributions: Source["distributions"] = (by, rows, signal) => {
      signals.push(signal);
      return slow ? new Promise(() => undefined) : distancesOf(N).distributions(by, rows);
    };
    openPane({ distributions });
    await ready();
    click(hits()[0] as Element);
    slow = true;
    view.store.set("groupBy", "");
    await soon(() => expect(signals).toHaveLength(2));
    expect(view.store.get("bin")).toBeNull();
    expect(find(".es-dist-body").classList.contains("es-waiting")).toBe(true);
    expect(hits().length).toBeGreaterThan(10);
    view.store.set("groupBy", "cluster");
    await soon(() => expect(signals).toHaveLength(3));
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true, false]);
    const listening = view.store.listenerCount;
    view.close();
    expect(signals[2]?.aborted).toBe(true);
    expect(listening).toBeGreaterThan(0);
    expect(view.store.listenerCount).toBe(0);
  });

  test("a kind without pairs, and no kinds at all, are words", async () => {
    let none = false;
    const distributions: Source["distributions"] = async () => {
      const data = { ...(await answer()), separation: null };
      return { ...data, kinds: none ? [] : [...data.kinds.slice(0, 1), counted("within domain", [])] };
    };
    openPane({ distributions });
    await ready();
    choose("within domain");
    expect(find(".es-dist-none").textContent).toBe("Within a domain: there are no such pairs.");
    expect(hits()).toHaveLength(0);
    expect(find(".es-dist-figures").hidden).toBe(true);
    none = true;
    view.store.set("groupBy", "");
    await soon(() => expect(state()).toBe("There are no pairs to measure."));
  });
});

const MARKUP = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script><b>bold</b>';

test.each([
  ["markup", MARKUP],
  ["bidi marks", "\u202Egnp.exe\u2066 turned"],
  ["a megabyte", "y".repeat(1_000_000)],
])("%s is shown as text, and short", async (_, hostile) => {
  const distributions: Source["distributions"] = async () => {
    const data = await answer();
    const kinds = data.kinds.map((kind) => ({ ...kind, sampling: hostile }));
    return { ...data, title: hostile, unit: hostile.slice(0, 300), kinds: [...kinds, counted(hostile, [])] };
  };
  openPane(
    {
      distributions,
      item: (row) => ({ ...text(row), id: `no ${hostile}`, title: hostile, text: hostile }),
    },
    { comparison: { names: [hostile, hostile] } },
  );
  await ready();
  click(hits()[0] as Element);
  await soon(() => expect(find(".es-pair-title").textContent).toContain(hostile.slice(0, 20)));
  expect("hacked" in window).toBe(false);
  const pane = find(".es-pane-distributions");
  expect(pane.querySelector("script, b, img")).toBeNull();
  expect(pane.textContent?.length).toBeLessThan(20_000);
  for (const { title } of pane.querySelectorAll<HTMLElement>("[title]"))
    expect(title.length).toBeLessThan(700);
  expect(view.root.scrollWidth).toBeLessThanOrEqual(view.root.clientWidth + 1);
  if (!hostile.includes("\u202e")) return;
  const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement as Element;
    if (!walker.currentNode.nodeValue?.includes("\u202e") || parent.closest("svg, option")) continue;
    const own = parent.closest("bdi, [dir=auto]");
    expect(own, parent.outerHTML.slice(0, 200)).not.toBeNull();
  }
});

describe.each(["light", "dark"] as const)("in a %s theme", (theme) => {
  test.each([
    600, 380,
  ])("axe-core finds nothing serious at %s px, and colours follow the theme", async (width) => {
    await page.viewport(width, 800);
    document.body.style.background = theme === "dark" ? "#14161b" : "#ffffff";
    openPane({}, { theme });
    await ready();
    const bin = await fullBin("same label", "teacher");
    click(hit("same label", bin, "teacher"));
    await soon(() => expect(pairs().length).toBeGreaterThan(0));
    for (const key of ["histograms", "joint"]) {
      click(find(`[data-key=${key}]`));
      const { violations } = await axe.run(view.root, { resultTypes: ["violations"] });
      const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(grave.map(({ id, nodes }) => `${id} ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
    }
    expect(view.root.scrollWidth).toBeLessThanOrEqual(view.root.clientWidth + 1);
    const canvas = find<HTMLCanvasElement>(".es-joint-canvas");
    const before = canvas.toDataURL();
    view.store.set("theme", theme === "dark" ? "light" : "dark");
    await soon(() => expect(canvas.toDataURL()).not.toBe(before));
  });
});
