import { element } from "../../dom";
import { Picker, type PickerOptions } from "./picker";
import { NO_STUDENT, type Row } from "./rows";

const ASK = "Compare with…";
const LEAVE = "Compare with none";
const LABEL = "Compare with";

/** The second encoder, which the first is compared with: a column that stands only where it is asked for. */
export class Student {
  readonly el: HTMLElement;
  /** Opens the column, and closes it with nothing chosen. */
  readonly toggle = element("button", { type: "button", class: "es-link es-wb-compare" }, ASK);
  readonly #picker: Picker;

  constructor(
    private readonly options: Omit<PickerOptions, "label">,
    signal: AbortSignal,
  ) {
    this.#picker = new Picker({ ...options, label: LABEL }, signal);
    this.#picker.choose(NO_STUDENT);
    this.el = this.#picker.el;
    this.el.hidden = true;
    this.toggle.setAttribute("aria-expanded", "false");
    this.toggle.addEventListener("click", () => this.#turn(), { signal });
  }

  get isOpen(): boolean {
    return !this.el.hidden;
  }

  /** The encoder that is chosen; null: none. */
  get chosen(): Row | null {
    const { chosen } = this.#picker;
    return chosen === null || chosen.value === NO_STUDENT ? null : chosen;
  }

  /** Other rows; what cannot be chosen among them any more is not. */
  setRows(rows: readonly Row[]): void {
    this.#picker.setRows(rows);
    if (this.#picker.chosen?.reason !== "") this.#picker.choose(NO_STUDENT);
  }

  name(isStudent: boolean): void {
    this.#picker.rename(isStudent ? "Student" : LABEL);
  }

  #turn(): void {
    const open = !this.isOpen;
    this.el.hidden = !open;
    this.toggle.textContent = open ? LEAVE : ASK;
    this.toggle.setAttribute("aria-expanded", String(open));
    if (open) this.#picker.focus();
    else this.#picker.choose(NO_STUDENT);
    this.options.changed();
  }
}
