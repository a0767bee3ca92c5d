import { afterEach, describe, expect, test, vi } from "vitest";
import { shrink } from "../src/panes/search/shrink";
import type { Hits, Query } from "../src/source/source";
import { close, openExplorer, soon, view } from "./explorer";

afterEach(close);

const IMAGES = { universe: { n: 2000, modality: "image" as const, title: "Signs", facts: "" } };

function input(): HTMLInputElement {
  return view.el.querySelector(".es-search-input") as HTMLInputElement;
}

function shownCount(): string {
  const node = view.el.querySelector<HTMLElement>(".es-search-count");
  return node && !node.hidden ? (node.textContent ?? "") : "";
}

function type(words: string): void {
  input().value = words;
  input().dispatchEvent(new Event("input", { bubbles: true }));
}

function press(target: Element, key: string): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

async function picture(width: number, height: number, kind = "image/png"): Promise<File> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d")?.fillRect(0, 0, width, height);
  return new File([await canvas.convertToBlob({ type: kind })], "sign.png", { type: kind });
}

function drop(file: File): DragEvent {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(file);
  const init = { dataTransfer, bubbles: true, cancelable: true };
  view.root.dispatchEvent(new DragEvent("dragover", init));
  const event = new DragEvent("drop", init);
  view.root.dispatchEvent(event);
  return event;
}

describe("words", () => {
  test("are looked for once typing rests, counted, and can be selected", async () => {
    const asked: string[] = [];
    openExplorer(
      {},
      {
        search: async (words) => {
          asked.push(words);
          return { where: "texts", rows: Uint32Array.of(2, 5, 9) };
        },
      },
    );
    for (const words of ["l", "la", "laun"]) type(words);
    await soon(() => expect(shownCount()).toBe("3"));
    expect(asked).toEqual(["laun"]);
    expect(view.store.get("words")).toBe("laun");
    expect([...view.store.get("hits")]).toEqual([2, 5, 9]);
    expect(view.el.querySelector(".es-search [role=status]")?.textContent).toBe("3 items hold these words");
    (view.el.querySelector(".es-search-count") as HTMLElement).click();
    expect([...view.store.get("selection")]).toEqual([2, 5, 9]);
  });

  test("an answer that comes late is not shown, and its request is cancelled", async () => {
    const answers: Record<string, (hits: Hits) => void> = {};
    const signals: Record<string, AbortSignal | undefined> = {};
    openExplorer(
      {},
      {
        search: (words, signal) =>
          new Promise((resolve) => {
            answers[words] = resolve;
            signals[words] = signal;
          }),
      },
    );
    type("old");
    await soon(() => expect(answers.old).toBeDefined());
    type("new");
    await soon(() => expect(answers.new).toBeDefined());
    expect(signals.old?.aborted).toBe(true);
    answers.new?.({ where: "texts", rows: Uint32Array.of(1) });
    answers.old?.({ where: "texts", rows: Uint32Array.of(1, 2, 3, 4) });
    await soon(() => expect(shownCount()).toBe("1"));
    expect(view.store.get("words")).toBe("new");
  });

  test("enter asks for their meaning", async () => {
    openExplorer();
    type("  rockets that wait ");
    press(input(), "Enter");
    expect(view.store.get("query")).toEqual({ kind: "text", text: "rockets that wait" });
  });

  test("a failure is said, and taken back by the next success", async () => {
    openExplorer(
      {},
      {
        search: async (words) => {
          if (words === "bad") throw new Error("The kernel did not answer within 30 s.");
          return { where: "texts", rows: Uint32Array.of(1) };
        },
      },
    );
    type("bad");
    await soon(() => expect(view.store.get("problem")).toContain("did not answer"));
    type("good");
    await soon(() => expect(view.store.get("problem")).toBe(""));
  });

  test("whoever lets go of the words empties the box", async () => {
    openExplorer();
    type("launch");
    await soon(() => expect(view.store.get("words")).toBe("launch"));
    view.store.set("words", "");
    expect(input().value).toBe("");
    expect(shownCount()).toBe("");
  });
});

describe("keys", () => {
  test("a slash leads to the box from everywhere but where it is typed", async () => {
    openExplorer();
    const event = press(view.el.querySelector(".es-stage") as HTMLElement, "/");
    expect(document.activeElement).toBe(input());
    expect(event.defaultPrevented).toBe(true);
    expect(press(input(), "/").defaultPrevented).toBe(false);
  });

  test("escape clears, then leaves", async () => {
    openExplorer();
    input().focus();
    type("launch");
    await soon(() => expect(view.store.get("hits").length).toBeGreaterThan(0));
    press(input(), "Escape");
    expect(input().value).toBe("");
    expect(view.store.get("words")).toBe("");
    expect(view.store.get("hits")).toHaveLength(0);
    expect(document.activeElement).toBe(input());
    press(input(), "Escape");
    expect(document.activeElement).not.toBe(input());
  });
});

describe("an image", () => {
  test("that is dropped is asked about, small enough to travel", async () => {
    openExplorer({ traits: IMAGES });
    drop(await picture(1600, 800));
    await soon(() => expect(view.store.get("query")?.kind).toBe("image"));
    const query = view.store.get("query") as Query & { kind: "image" };
    expect(query.name).toBe("sign.png");
    const made = await createImageBitmap(query.image);
    expect([made.width, made.height]).toEqual([768, 384]);
    expect(view.el.querySelector<HTMLElement>(".es-drop")?.hidden).toBe(true);
  });

  test("that is pasted or chosen is asked about", async () => {
    openExplorer({ traits: IMAGES });
    const clipboardData = new DataTransfer();
    clipboardData.items.add(await picture(40, 30));
    const pasted = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    view.el.querySelector(".es-stage")?.dispatchEvent(pasted);
    await soon(() => expect(view.store.get("query")?.kind).toBe("image"));
    const first = view.store.get("query");
    const picker = view.el.querySelector("input[type=file]") as HTMLInputElement;
    const chosen = new DataTransfer();
    chosen.items.add(await picture(20, 20));
    picker.files = chosen.files;
    picker.dispatchEvent(new Event("change"));
    await soon(() => expect(view.store.get("query")).not.toBe(first));
    expect(view.store.get("query")?.kind).toBe("image");
  });

  test("that is none is said, and a good one takes it back", async () => {
    openExplorer({ traits: IMAGES });
    drop(new File(["no image"], "notes.png", { type: "image/png" }));
    await soon(() => expect(view.store.get("problem")).toContain("“notes.png” is not an image"));
    expect(view.store.get("query")).toBeNull();
    drop(await picture(10, 10));
    await soon(() => expect(view.store.get("query")?.kind).toBe("image"));
    expect(view.store.get("problem")).toBe("");
  });

  test("is not offered where items are texts", async () => {
    openExplorer();
    const button = view.el.querySelector<HTMLElement>("[title^='Search by an image']");
    expect(button?.hidden).toBe(true);
    expect(drop(await picture(10, 10)).defaultPrevented).toBe(false);
    expect(view.store.get("query")).toBeNull();
  });

  test("keeps its size where it is small, and its address goes back", async () => {
    const revoked = vi.spyOn(URL, "revokeObjectURL");
    const small = await createImageBitmap(await shrink(await picture(33, 17, "image/webp"), "a.webp"));
    expect([small.width, small.height]).toEqual([33, 17]);
    expect(revoked).toHaveBeenCalledTimes(1);
    revoked.mockRestore();
  });
});

test("closing leaves no listener on the store", async () => {
  openExplorer({ traits: IMAGES });
  type("launch");
  view.close();
  expect(view.store.listenerCount).toBe(0);
});
