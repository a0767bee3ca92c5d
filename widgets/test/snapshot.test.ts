import { afterEach, expect, test, vi } from "vitest";
import { hideSnapshot } from "../src/snapshot";

const lives: AbortController[] = [];

afterEach(() => {
  for (const life of lives.splice(0)) life.abort();
  document.body.replaceChildren();
});

/** The beginning of a PNG of 1 × 1 with a text chunk behind its header, as small_png.py writes it. */
function png(source: string): string {
  const header = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
  return `data:image/png;base64,${btoa(`${header}\0\0\0\x11tEXtSource\0${source}0000 and more than enough bytes`)}`;
}

function output(...children: HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "jp-OutputArea-child";
  const inner = document.createElement("div");
  inner.append(...children);
  made.append(inner);
  return made;
}

function image(source: string): HTMLImageElement {
  const img = document.createElement("img");
  img.src = png(source);
  return img;
}

function view(): HTMLElement {
  const el = document.createElement("div");
  el.style.height = "40px";
  return el;
}

function area(...outputs: HTMLElement[]): HTMLElement {
  const made = document.createElement("div");
  made.className = "jp-OutputArea";
  made.append(...outputs);
  document.body.append(made);
  return made;
}

function hide(el: HTMLElement): AbortController {
  const life = new AbortController();
  lives.push(life);
  hideSnapshot(el, life.signal);
  return life;
}

const seen = (node: HTMLElement): boolean => getComputedStyle(node).display !== "none";
/** Observers have been told by then. */
const settled = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve))));

test("the picture after a view is hidden while the view lives, and comes back", async () => {
  const el = view();
  const picture = output(image("embedscope"));
  const life = hide(el);
  area(output(el), picture);
  await vi.waitFor(() => expect(seen(picture)).toBe(false));
  life.abort();
  expect(seen(picture)).toBe(true);
});

test("a picture that comes later, is drawn again or comes in a new output stays hidden", async () => {
  const el = view();
  const outputs = area(output(el));
  hide(el);
  await settled();
  const picture = output(image("embedscope"));
  outputs.append(picture);
  await settled();
  expect(seen(picture)).toBe(false);
  picture.firstElementChild?.replaceChildren(image("embedscope"));
  await settled();
  expect(seen(picture)).toBe(false);
  const again = output(image("embedscope"));
  picture.replaceWith(again);
  await settled();
  expect(seen(again)).toBe(false);
});

test("no other picture is hidden: not one of somebody else's, not one further down", async () => {
  const el = view();
  const own = output(image("embedscope"));
  const further = output(image("embedscope"));
  const outputs = area(output(el), output(image("matplotlib")), own);
  hide(el);
  await settled();
  for (const node of outputs.querySelectorAll<HTMLElement>(".jp-OutputArea-child"))
    expect(seen(node)).toBe(true);
  outputs.children[1]?.replaceWith(further);
  await settled();
  expect(seen(further)).toBe(false);
  further.firstElementChild?.replaceChildren(image("matplotlib"));
  await settled();
  expect(seen(further)).toBe(true);
  expect(seen(own)).toBe(true);
});

test("outside of Jupyter's outputs nothing happens", async () => {
  const el = view();
  const picture = image("embedscope");
  document.body.append(el, picture);
  hide(el);
  await settled();
  expect(seen(picture)).toBe(true);
});
