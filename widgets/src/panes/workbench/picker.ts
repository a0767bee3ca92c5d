import { element } from "../../dom";
import type { Row } from "./rows";

export interface PickerOptions {
  /** Its heading. */
  label: string;
  placeholder: string;
  /** What the words in the field stand for where no row has just this name. */
  typed(text: string): Row;
  changed(): void;
  /** Stands at the end of the heading's line. */
  beside?: HTMLElement;
}

let pickers = 0;

/** A list of which one is chosen, with a field that filters it and takes what is not listed. */
export class Picker {
  readonly el: HTMLElement;
  /** The chosen value; null: none. */
  value: string | null = null;
  /** Whether a person chose it, and not the form. */
  byHand = false;
  readonly #name = `es-picker-${pickers++}`;
  readonly #field: HTMLInputElement;
  readonly #heading = element("h3", { class: "es-wb-heading" });
  readonly #list = element("div", { class: "es-wb-list", role: "radiogroup" });
  #rows: readonly Row[] = [];
  /** What is chosen is what stands in the field. */
  #followsField = false;

  constructor(
    private readonly options: PickerOptions,
    signal: AbortSignal,
    ...more: Node[]
  ) {
    this.#field = element("input", {
      type: "search",
      class: "es-wb-field",
      placeholder: options.placeholder,
      autocomplete: "off",
      spellcheck: "false",
    });
    this.rename(options.label);
    const top = element("div", { class: "es-wb-top" }, this.#heading);
    if (options.beside) top.append(options.beside);
    this.el = element("div", { class: "es-wb-column" }, top, this.#field, this.#list, ...more);
    this.#field.addEventListener("input", () => this.#typed(), { signal });
    this.#field.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#list.addEventListener("change", (event) => this.#picked(event), { signal });
  }

  /** Put another heading on it. */
  rename(label: string): void {
    if (this.#heading.textContent === label) return;
    this.#heading.textContent = label;
    this.#field.setAttribute("aria-label", `${label}: ${this.options.placeholder}`);
    this.#list.setAttribute("aria-label", label);
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  setRows(rows: readonly Row[]): void {
    this.#rows = rows;
    this.#fill();
  }

  /** Choose without a person's doing. */
  choose(value: string | null): void {
    this.value = value;
    this.byHand = false;
    this.#followsField = false;
    this.#fill();
  }

  /** Start a name in the field, for a person to end. */
  startTyping(text: string): void {
    this.#field.value = text;
    this.#typed();
    this.#field.focus();
  }

  focus(): void {
    this.#field.focus();
  }

  /** The row that is chosen, listed or typed. */
  get chosen(): Row | null {
    const { value } = this;
    if (value === null) return null;
    return this.#rows.find((row) => row.value === value) ?? this.options.typed(value);
  }

  #typed(): void {
    const text = this.#text();
    if (this.#followsField) {
      this.value = text === "" ? null : text;
      this.options.changed();
    }
    this.#fill();
  }

  #picked(event: Event): void {
    const { target } = event;
    if (!(target instanceof HTMLInputElement)) return;
    this.value = target.value;
    this.byHand = true;
    this.#followsField = target.dataset.typed === "yes";
    this.options.changed();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    const first = this.#list.querySelector<HTMLInputElement>("input:not(:disabled)");
    if (!first) return;
    event.preventDefault();
    const present = this.#list.querySelector<HTMLInputElement>("input:checked") ?? first;
    const next = event.key === "Enter" ? first : present;
    if (event.key === "Enter") next.click();
    next.focus();
  }

  #text(): string {
    return this.#field.value.trim();
  }

  /** The rows that hold the words, and at the end what was typed. */
  #shown(): { row: Row; typed: boolean }[] {
    const text = this.#text();
    const words = text.toLowerCase().split(/\s+/);
    const holds = ({ title, facts }: Row): boolean => {
      const all = [title, ...facts].join(" ").toLowerCase();
      return words.every((word) => all.includes(word));
    };
    const found = this.#rows.filter(holds).map((row) => ({ row, typed: false }));
    const named = text === "" || this.#rows.some(({ value, title }) => value === text || title === text);
    return named ? found : [...found, { row: this.options.typed(text), typed: true }];
  }

  #fill(): void {
    const focused = this.#list.contains(document.activeElement);
    const groups = new Map<string, HTMLElement>();
    for (const { row, typed } of this.#shown()) {
      const group = groups.get(row.group) ?? openGroup(row.group);
      groups.set(row.group, group);
      group.append(this.#rowOf(row, typed));
    }
    this.#list.replaceChildren(...groups.values());
    if (focused) this.#list.querySelector<HTMLInputElement>("input:checked")?.focus();
  }

  #rowOf(row: Row, typed: boolean): HTMLElement {
    const radio = element("input", { type: "radio", name: this.#name, value: row.value });
    radio.checked = row.value === this.value;
    radio.disabled = row.reason !== "";
    if (typed) radio.dataset.typed = "yes";
    const title = element("span", { class: "es-wb-title", dir: "auto" }, row.title);
    const head = element("span", { class: "es-wb-head" }, title);
    if (row.tag) head.append(element("span", { class: "es-wb-tag" }, row.tag));
    const words = element("span", { class: "es-wb-words" }, head);
    for (const fact of row.facts) {
      words.append(element("span", { class: "es-wb-fact", dir: "auto", title: fact }, fact));
    }
    if (row.reason) words.append(element("span", { class: "es-wb-reason" }, row.reason));
    const label = element("label", { class: "es-wb-row" }, radio, words);
    label.classList.toggle("es-off", row.reason !== "");
    return label;
  }
}

function openGroup(name: string): HTMLElement {
  const heading = element("span", { class: "es-wb-group", "aria-hidden": "true" }, name);
  return element("div", { role: "group", "aria-label": name }, heading);
}
