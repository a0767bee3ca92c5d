import { element } from "../../dom";
import type { DataChoice, Job, WorkbenchChoices } from "../../model";
import type { Action } from "../../source/source";
import { Picker } from "./picker";
import {
  dataRows,
  encoderRows,
  OWN_VECTORS,
  prefixOf,
  type Row,
  schemes,
  studentRows,
  typedData,
  typedEncoder,
  typedStudent,
  VARIABLES,
} from "./rows";
import { type RunActions, RunColumn } from "./run";
import { Student } from "./student";

type StartJob = Extract<Action, { kind: "start_job" }>;

const NO_VARIABLES =
  "No variable of the notebook can be embedded yet. A list of texts, a data frame, Items, a Space or a Path is listed here once a cell has made it.";

const ENCODER_PLACEHOLDER = "Filter, or scheme:folder or hub name";

/** Three columns: what to embed, with what, and how; and one more for a second encoder to compare with. */
export class Form {
  readonly el: HTMLElement;
  readonly #data: Picker;
  readonly #encoder: Picker;
  readonly #student: Student;
  readonly #run: RunColumn;
  readonly #none = element("p", { class: "es-hint es-wb-none" }, NO_VARIABLES);
  readonly #others = element("div", { class: "es-wb-others" });
  #choices: WorkbenchChoices = {};
  #running = false;

  constructor(actions: RunActions & { refresh(): void }, signal: AbortSignal) {
    const refresh = element("button", { type: "button", class: "es-link" }, "Look for variables again");
    refresh.addEventListener("click", () => actions.refresh(), { signal });
    this.#data = new Picker(
      {
        label: "Data",
        placeholder: "Filter, or a folder, file, hf:owner/name",
        typed: typedData,
        changed: () => this.#chosen(),
      },
      signal,
      element("div", { class: "es-wb-foot" }, this.#none, refresh),
    );
    this.#student = new Student(
      {
        placeholder: ENCODER_PLACEHOLDER,
        typed: (text) => typedStudent(text, this.#encoders, this.#dataChoice, this.#encoder.value),
        changed: () => this.#plan(),
      },
      signal,
    );
    this.#encoder = new Picker(
      {
        label: "Encoder",
        placeholder: ENCODER_PLACEHOLDER,
        typed: (text) => typedEncoder(text, this.#encoders, this.#dataChoice),
        changed: () => this.#listStudents(),
        beside: this.#student.toggle,
      },
      signal,
      this.#others,
    );
    this.#run = new RunColumn(actions, signal);
    const columns = [this.#data, this.#encoder, this.#student, this.#run].map(({ el }) => el);
    this.el = element("div", { class: "es-wb-form" }, ...columns);
    this.#others.addEventListener("click", (event) => this.#startScheme(event), { signal });
  }

  /** What would run now, or why nothing can. */
  get order(): StartJob | string {
    const data = this.#data.chosen;
    const encoder = this.#encoder.chosen;
    if (!data) return "Choose what to embed.";
    if (!encoder) return "Choose an encoder.";
    const student = this.#student.chosen;
    const problem = encoder.reason || student?.reason || this.#run.sampleProblem;
    if (problem) return problem;
    const { device, sample } = this.#run;
    const encoders = { encoder: encoder.value, student: student?.value ?? "" };
    return { kind: "start_job", data: data.value, ...encoders, device, sample };
  }

  setChoices(choices: WorkbenchChoices): void {
    this.#choices = choices;
    const rows = dataRows(choices.data ?? []);
    const gone =
      this.#data.value?.startsWith("variable:") && !rows.some(({ value }) => value === this.#data.value);
    if (gone) this.#data.choose(null);
    this.#data.setRows(rows);
    this.#none.hidden = rows.some(({ group }) => group === VARIABLES);
    this.#run.setDevices(choices.devices ?? []);
    this.#listSchemes();
    this.#chosen();
  }

  focus(): void {
    this.#data.focus();
  }

  /** Follow a run; `waiting` says what it waits for before it has begun. */
  show(job: Job, waiting: string): void {
    this.#running = job.state === "running";
    this.#data.el.inert = this.#running;
    this.#encoder.el.inert = this.#running;
    this.#student.el.inert = this.#running;
    this.el.classList.toggle("es-running", this.#running);
    this.#run.show(job, waiting);
    this.#plan();
  }

  get #encoders(): NonNullable<WorkbenchChoices["encoders"]> {
    return this.#choices.encoders ?? [];
  }

  get #dataChoice(): DataChoice | null {
    return this.#choices.data?.find(({ key }) => key === this.#data.value) ?? null;
  }

  /** Other data: other encoders fit, and the first that does is chosen where nobody chose one that does. */
  #chosen(): void {
    const rows = encoderRows(this.#encoders, this.#dataChoice);
    this.#encoder.setRows(rows);
    const { chosen, byHand } = this.#encoder;
    const lost = chosen?.value === OWN_VECTORS && !this.#dataChoice?.vectors;
    if (this.#data.value !== null && (!chosen || !byHand || chosen.reason !== "" || lost)) {
      this.#encoder.choose(rows.find(({ reason }) => reason === "")?.value ?? null);
    }
    this.#listStudents();
  }

  /** Another first encoder: it cannot be the second. */
  #listStudents(): void {
    this.#student.setRows(studentRows(this.#encoders, this.#dataChoice, this.#encoder.value || null));
    this.#plan();
  }

  #plan(): void {
    const data = this.#data.chosen;
    const encoder = this.#encoder.chosen;
    const student = this.#student.chosen;
    this.#encoder.rename(student ? "Teacher" : "Encoder");
    this.#student.name(student !== null);
    this.el.classList.toggle("es-wb-two", this.#student.isOpen);
    const button = buttonWords(encoder, student);
    const order = this.order;
    if (typeof order === "string" && !(data && encoder && !encoder.reason && !student?.reason)) {
      this.#run.plan(order, button, false);
      return;
    }
    this.#run.plan(`${data?.title}${planWords(encoder, student)}`, button, !this.#running);
  }

  #listSchemes(): void {
    const others = schemes(this.#encoders).map(({ name, modality, about }) => {
      const tip = `${name}: ${about} (${modality})`;
      return element(
        "button",
        { type: "button", class: "es-link", "data-scheme": prefixOf(name), title: tip },
        prefixOf(name),
      );
    });
    const words = element("span", { class: "es-hint" }, others.length > 0 ? "Others:" : "");
    this.#others.replaceChildren(words, ...others);
  }

  #startScheme({ target }: Event): void {
    const scheme = target instanceof HTMLElement ? target.dataset.scheme : undefined;
    if (scheme) this.#encoder.startTyping(scheme);
  }
}

function buttonWords(encoder: Row | null, student: Row | null): string {
  if (student) return "Embed and compare";
  return encoder?.value === OWN_VECTORS ? "Explore" : "Embed and explore";
}

/** What becomes of the data; nothing where it is explored as it is. */
function planWords(encoder: Row | null, student: Row | null): string {
  const own = encoder?.value === OWN_VECTORS;
  const first = own ? "its own vectors" : encoder?.title;
  if (student) return ` → ${first} (teacher) and ${student.title} (student)`;
  return own ? "" : ` → ${first}`;
}
