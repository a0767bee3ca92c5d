import { afterEach, describe, expect, test, vi } from "vitest";
import type { Original } from "../src/source/source";
import { close, openExplorer, soon, view } from "./explorer";

afterEach(close);

function dialog(): HTMLElement | null {
  return view.el.querySelector<HTMLElement>("[role=dialog]");
}

function press(target: Element | null, key: string, init: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  target?.dispatchEvent(event);
  return event;
}

const plain: Original = {
  row: 3,
  id: "a-3",
  title: "A title",
  text: "A text.",
  cut: false,
  image: null,
  columns: {},
};

describe("the viewer", () => {
  test("shows a whole text with the words marked, its title, id and columns", async () => {
    const long = { ...plain, text: `${"word ".repeat(2000)}needle`, columns: { label: "sci.space" } };
    openExplorer({}, { original: async () => long });
    view.store.set("words", "needle");
    view.store.set("opened", 3);
    await soon(() => expect(dialog()?.textContent).toContain("needle"));
    expect(dialog()?.querySelector("mark")?.textContent).toBe("needle");
    expect(dialog()?.textContent).toContain("A title");
    expect(dialog()?.textContent).toContain("a-3");
    expect(dialog()?.textContent).toContain("sci.space");
    expect(dialog()?.getAttribute("aria-label")).toBe("A title");
  });

  test("shows an image within the widget", async () => {
    const canvas = new OffscreenCanvas(3000, 2000);
    canvas.getContext("2d")?.fillRect(0, 0, 3000, 2000);
    const image = await canvas.convertToBlob();
    openExplorer({}, { original: async () => ({ ...plain, text: null, image }) });
    view.store.set("opened", 3);
    await soon(() => expect(dialog()?.querySelector("img")?.naturalWidth).toBe(3000));
    const box = (dialog()?.querySelector("img") as HTMLElement).getBoundingClientRect();
    const whole = view.root.getBoundingClientRect();
    expect(box.width / box.height).toBeCloseTo(1.5, 1);
    expect(box.right).toBeLessThan(whole.right);
    expect(box.height).toBeLessThanOrEqual(560);
  });

  test("a text of a megabyte is cut, and it says so", async () => {
    openExplorer({}, { original: async () => ({ ...plain, text: "x".repeat(1_000_000) }) });
    view.store.set("opened", 3);
    await soon(() => expect(dialog()?.querySelector(".es-viewer-text")?.textContent).toHaveLength(200_000));
    expect(dialog()?.textContent).toContain("its first 200,000 characters are shown");
  });

  test("keeps the focus, lets Tab go around, and gives the focus back", async () => {
    openExplorer({}, { original: async () => plain });
    const before = view.el.querySelector(".es-search-input") as HTMLElement;
    before.focus();
    view.store.set("opened", 3);
    await soon(() => expect(dialog()?.textContent).toContain("A text."));
    expect(document.activeElement).toBe(dialog());
    expect(before.closest("[inert]")).not.toBeNull();
    const stops = [...(dialog()?.querySelectorAll<HTMLElement>("button, [tabindex='0']") ?? [])];
    stops.at(-1)?.focus();
    press(document.activeElement, "Tab");
    expect(document.activeElement).toBe(stops[0]);
    press(document.activeElement, "Tab", { shiftKey: true });
    expect(document.activeElement).toBe(stops.at(-1));
    press(document.activeElement, "Escape");
    expect(dialog()).toBeNull();
    expect(view.store.get("opened")).toBe(-1);
    expect(document.activeElement).toBe(before);
    expect(view.el.querySelector("[inert].es-header")).toBeNull();
  });

  test("a click beside it closes it, one inside does not", async () => {
    openExplorer({}, { original: async () => plain });
    view.store.set("opened", 3);
    dialog()?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    expect(dialog()).not.toBeNull();
    view.el.querySelector(".es-veil")?.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
    expect(dialog()).toBeNull();
  });

  test("its neighbours are one click away", async () => {
    openExplorer({}, { original: async () => plain });
    view.store.set("opened", 3);
    (dialog()?.querySelector(".es-link") as HTMLElement).click();
    expect(view.store.get("query")).toEqual({ kind: "item", row: 3 });
    expect(dialog()).toBeNull();
  });

  test("waiting, a busy kernel and a failure are said in words", async () => {
    let fail: (error: Error) => void = () => undefined;
    openExplorer(
      {},
      {
        original: () =>
          new Promise((_resolve, reject) => {
            fail = reject;
          }),
      },
    );
    view.store.set("opened", 3);
    expect(dialog()?.textContent).toContain("Loading…");
    view.store.set("busy", true);
    expect(dialog()?.textContent).toContain("The kernel is busy");
    await soon(() => fail(new Error("The file of item a-3 is gone.")));
    await soon(() => expect(dialog()?.textContent).toContain("The file of item a-3 is gone."));
  });

  test("an original that comes late is not shown over another one", async () => {
    const answers: ((original: Original) => void)[] = [];
    openExplorer({}, { original: () => new Promise((resolve) => answers.push(resolve)) });
    view.store.set("opened", 3);
    view.store.set("opened", 4);
    await soon(() => expect(answers).toHaveLength(2));
    answers[1]?.({ ...plain, text: "the second" });
    answers[0]?.({ ...plain, text: "the first" });
    await soon(() => expect(dialog()?.textContent).toContain("the second"));
    expect(view.el.querySelectorAll("[role=dialog]")).toHaveLength(1);
  });

  test("closing the view closes it and gives its picture's address back", async () => {
    const made = vi.spyOn(URL, "createObjectURL");
    const dropped = vi.spyOn(URL, "revokeObjectURL");
    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext("2d")?.fillRect(0, 0, 8, 8);
    const image = await canvas.convertToBlob();
    openExplorer({}, { original: async () => ({ ...plain, image }) });
    view.store.set("opened", 3);
    await soon(() => expect(made).toHaveBeenCalledTimes(1));
    view.close();
    expect(dropped.mock.calls.flat()).toContain(made.mock.results[0]?.value);
    expect(view.store.listenerCount).toBe(0);
    made.mockRestore();
    dropped.mockRestore();
  });
});
