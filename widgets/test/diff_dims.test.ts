import { afterEach, describe, expect, test } from "vitest";
import { shareOf } from "../src/panes/diff/scale";
import type { Changes, Side, Truncation } from "../src/source/source";
import { ask } from "../src/walk";
import { CURVE, changesOf, close, FACTS, openDiff, view } from "./diff_view";
import { soon } from "./explorer";

afterEach(close);

const QUERY = { kind: "item", row: 40 } as const;

function words(part: string): string {
  return view.el.querySelector(part)?.textContent ?? "";
}

function range(): HTMLInputElement {
  return view.el.querySelector(".es-dims-range") as HTMLInputElement;
}

function cards(): HTMLElement[] {
  return [...view.el.querySelectorAll<HTMLElement>(".es-compact[data-side=student]")];
}

/** Draw the thumb to some share of the scale. */
function draw(share: number): void {
  range().value = String(share);
  range().dispatchEvent(new Event("input"));
}

function press(key: string): void {
  range().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function button(name: string): HTMLButtonElement | undefined {
  const all = [...view.el.querySelectorAll<HTMLButtonElement>(".es-dims button")];
  return all.find(({ textContent, offsetHeight }) => textContent === name && offsetHeight > 0);
}

function side(name: Side): void {
  (view.el.querySelector(`[data-dims-of=${name}]`) as HTMLButtonElement).click();
}

describe("the slider", () => {
  test("a side that was trained for it is open at once; drawn, it rests at powers of two and at all", async () => {
    openDiff();
    expect(range().offsetHeight).toBeGreaterThan(0);
    expect(range().value).toBe("1");
    const used = (share: number): number => {
      draw(share);
      return view.store.get("dimsInUse")[1];
    };
    expect([0, 0.22, 0.5, 0.79].map(used)).toEqual([8, 16, 32, 128]);
    expect(Number(range().value)).toBeCloseTo(shareOf(128, 256));
    expect(used(0.98)).toBe(0);
    expect(view.store.get("dimsInUse")[0]).toBe(0);
  });

  test("keys go by one, from stop to stop, and to the ends", () => {
    openDiff();
    const after = (key: string): number => {
      press(key);
      return view.store.get("dimsInUse")[1];
    };
    expect(["ArrowLeft", "ArrowDown", "PageDown", "PageDown", "ArrowRight"].map(after)).toEqual([
      255, 254, 128, 64, 65,
    ]);
    expect(["PageUp", "Home", "ArrowLeft", "ArrowUp", "End"].map(after)).toEqual([128, 1, 1, 2, 0]);
    expect(range().getAttribute("aria-label")).toBe("Dims of wordllama");
  });

  test("moving it ranks anew by the first dims, and keeps the cards of what stays", async () => {
    openDiff();
    ask(view.store, QUERY);
    await soon(() => expect(cards()).toHaveLength(12));
    const before = new Map(cards().map((card) => [card.dataset.row, card]));
    draw(0);
    const { rows, studentRanks } = changesOf(QUERY, 12, [0, 8]);
    const wanted = Array.from({ length: 12 }, (_, i) => String(rows[studentRanks.indexOf(i + 1)]));
    expect(wanted).not.toEqual([...before.keys()]);
    await soon(() => expect(cards().map(({ dataset }) => dataset.row)).toEqual(wanted));
    const stayed = cards().filter(({ dataset }) => before.has(dataset.row));
    expect(stayed.length).toBeGreaterThan(0);
    for (const card of stayed) expect(before.get(card.dataset.row)).toBe(card);
    expect(cards().map((card) => card.querySelector(".es-near-rank")?.textContent)).toEqual(
      cards().map((_, i) => String(i + 1)),
    );
    expect(words("[data-side-head=student] .es-diff-side-facts")).toBe("first 8 of 256 dims · cosine");
    button("All dims")?.click();
    await soon(() => expect(words("[data-side-head=student] .es-diff-side-facts")).toBe("256 dims · cosine"));
    expect(button("All dims")).toBeUndefined();
  });

  test("at most one request is in flight, and of those that wait the last one wins", async () => {
    const asked: { dims: number; signal: AbortSignal | undefined; answer(changes: Changes): void }[] = [];
    openDiff({
      changes: (_query, _k, [, dims], signal) =>
        new Promise((answer) => {
          asked.push({ dims, signal, answer });
        }),
    });
    const reply = (place: number): void => {
      const { dims, answer } = asked[place] as (typeof asked)[number];
      answer(changesOf(QUERY, 12, [0, dims]));
    };
    ask(view.store, QUERY);
    reply(0);
    await soon(() => expect(cards()).toHaveLength(12));
    for (const share of [0.8, 0.6, 0.4, 0.2, 0]) draw(share);
    expect(asked.map(({ dims }) => dims)).toEqual([0, 128]);
    expect(view.el.querySelector(".es-diff-columns.es-waiting")).not.toBeNull();
    expect(cards()).toHaveLength(12);
    reply(1);
    await soon(() => expect(asked.map(({ dims }) => dims)).toEqual([0, 128, 8]));
    // What is shown says by which dims, also while the next are waited for.
    expect(words("[data-side-head=student] .es-diff-side-facts")).toBe("first 128 of 256 dims · cosine");
    reply(2);
    await soon(() => expect(view.el.querySelector(".es-diff-columns.es-waiting")).toBeNull());
    expect(words("[data-side-head=student] .es-diff-side-facts")).toBe("first 8 of 256 dims · cosine");
    expect(asked).toHaveLength(3);
    draw(0.5);
    ask(view.store, { kind: "item", row: 5 });
    expect(asked[3]?.signal?.aborted).toBe(true);
    expect(asked[4]?.dims).toBe(32);
  });

  test("an error with dims that are not wanted any more is not shown, the last one's is", async () => {
    let fail: (error: Error) => void = () => undefined;
    openDiff({
      changes: (query, k, dims) =>
        dims[1] === 0
          ? Promise.resolve(changesOf(query, k, dims))
          : new Promise((_, reject) => {
              fail = reject;
            }),
    });
    ask(view.store, QUERY);
    await soon(() => expect(cards()).toHaveLength(12));
    draw(0);
    draw(0.5);
    fail(new Error("8 dims are too few."));
    const stale = fail;
    await soon(() => expect(fail).not.toBe(stale));
    expect(words(".es-near-state")).toBe("");
    expect(cards()).toHaveLength(12);
    fail(new Error("32 dims are too few."));
    await soon(() => expect(words(".es-near-state")).toBe("32 dims are too few."));
  });

  test("a side that was not trained for it says so, and can be tried", async () => {
    const asked: Side[] = [];
    openDiff({
      truncation: async (which) => {
        asked.push(which);
        return { ...CURVE, dims: [8, 96, 384], recall: [0.1, 0.5, 1] };
      },
    });
    side("teacher");
    expect(words(".es-dims-hint")).toBe(
      "all-MiniLM-L6-v2 was not trained for it: its first dims need not stand alone.",
    );
    expect(range().offsetHeight).toBe(0);
    expect(asked).toEqual(["student"]);
    button("Try fewer dims")?.click();
    expect(asked).toEqual(["student", "teacher"]);
    expect(range().getAttribute("aria-label")).toBe("Dims of all-MiniLM-L6-v2");
    press("PageDown");
    expect(view.store.get("dimsInUse")).toEqual([256, 0]);
    await soon(() => expect(words(".es-dims-reading")).toBe("recall@10 0.50 at 96, 1.00 at 384 dims"));
    button("Hide")?.click();
    expect(range().offsetHeight).toBe(0);
    expect(words(".es-dims-now")).toBe("first 256 of 384 dims");
    side("student");
    side("teacher");
    expect(asked).toHaveLength(2);
  });

  test("other groups change nothing here, other spaces begin anew, and without dims there is no such section", () => {
    const asked: Side[] = [];
    openDiff({
      truncation: async (which) => {
        asked.push(which);
        return CURVE;
      },
    });
    draw(0);
    side("teacher");
    view.model.set("comparison", { ...FACTS, groups: [{ key: "label", title: "Label", n: 3 }] });
    expect(view.store.get("dimsInUse")).toEqual([0, 8]);
    expect(words('[data-dims-of][aria-pressed="true"]')).toBe("all-MiniLM-L6-v2");
    expect(asked).toEqual(["student"]);
    view.model.set("comparison", { ...FACTS, matryoshka: [true, false] });
    expect(range().getAttribute("aria-label")).toBe("Dims of all-MiniLM-L6-v2");
    expect(view.store.get("dimsInUse")).toEqual([0, 0]);
    view.model.set("comparison", { names: ["a", "b"] });
    expect((view.el.querySelector(".es-dims") as HTMLElement).offsetHeight).toBe(0);
  });
});

describe("the curve", () => {
  function dots(): SVGCircleElement[] {
    return [...view.el.querySelectorAll<SVGCircleElement>(".es-curve-dot")];
  }

  function pointer(type: string, dot: SVGCircleElement | undefined): void {
    const { left, top } = (dot as SVGCircleElement).getBoundingClientRect();
    view.el
      .querySelector(".es-curve")
      ?.dispatchEvent(new PointerEvent(type, { bubbles: true, clientX: left + 2, clientY: top + 2 }));
  }

  test("recall lies over the logarithm of dims, and the slider is its axis", async () => {
    openDiff();
    await soon(() => expect(dots()).toHaveLength(CURVE.dims.length));
    const xs = dots().map((dot) => Number(dot.getAttribute("cx")));
    const step = (xs[1] as number) - (xs[0] as number);
    expect((xs[2] as number) - (xs[1] as number)).toBeCloseTo(step, 3);
    const ys = dots().map((dot) => Number(dot.getAttribute("cy")));
    expect(ys).toEqual([...ys].sort((a, b) => b - a));
    expect(words(".es-dims-reading")).toBe("recall@10 1.00 at all 256 dims");
    const { left, width } = range().getBoundingClientRect();
    const box = (view.el.querySelector(".es-curve") as Element).getBoundingClientRect();
    expect(left).toBeCloseTo(box.left, 0);
    expect(width).toBeCloseTo(box.width, 0);
    expect(view.el.querySelector(".es-curve")?.getAttribute("aria-label")).toContain("0.91 at 128 dims");
  });

  test("a click takes a dot's dims, which are marked and read; pointing at another reads that one", async () => {
    openDiff();
    await soon(() => expect(dots()).toHaveLength(7));
    pointer("click", dots()[4]);
    expect(view.store.get("dimsInUse")).toEqual([0, 128]);
    expect(words(".es-dims-reading")).toBe("recall@10 0.91 at 128 dims");
    expect(range().getAttribute("aria-valuetext")).toBe("first 128 of 256 dims, recall@10 0.91 at 128 dims");
    expect(dots().filter((dot) => dot.classList.contains("es-curve-at"))).toEqual([dots()[4]]);
    pointer("pointermove", dots()[1]);
    expect(words(".es-dims-reading")).toBe("recall@10 0.42 at 16 dims");
    view.el.querySelector(".es-curve")?.dispatchEvent(new PointerEvent("pointerleave"));
    expect(words(".es-dims-reading")).toBe("recall@10 0.91 at 128 dims");
    press("Home");
    expect(words(".es-dims-reading")).toBe("recall@10 was measured from 8 dims on");
    pointer("click", dots()[6]);
    expect(view.store.get("dimsInUse")).toEqual([0, 0]);
  });

  test("waiting is said, and so is what went wrong; it can be asked again", async () => {
    let answer: { done(curve: Truncation): void; fail(error: Error): void } | undefined;
    let signal: AbortSignal | undefined;
    openDiff({
      truncation: (_side, own) =>
        new Promise((done, fail) => {
          signal = own;
          answer = { done, fail };
        }),
    });
    expect(words(".es-dims-reading")).toBe("Measuring how many neighbours fewer dims keep…");
    answer?.fail(new Error("The kernel did not answer within 1800 s."));
    await soon(() => expect(words(".es-dims-reading")).toBe("The kernel did not answer within 1800 s."));
    button("Ask again")?.click();
    expect(words(".es-dims-reading")).toBe("Measuring how many neighbours fewer dims keep…");
    answer?.done(CURVE);
    await soon(() => expect(dots()).toHaveLength(7));
    expect(button("Ask again")).toBeUndefined();
    expect(signal?.aborted).toBe(false);
    view.close();
    expect(signal?.aborted).toBe(true);
  });
});
