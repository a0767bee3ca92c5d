import { wordsOf } from "../../complaint";
import { element } from "../../dom";

export interface Field {
  label: string;
  placeholder: string;
  /** What is there already and may be meant again. */
  known: () => string[];
}

let lists = 0;

/** Some short fields and one button; what went wrong stands below them until it goes right. */
export function form(
  fields: Field[],
  verb: string,
  submit: (values: string[]) => Promise<void>,
  signal: AbortSignal,
): HTMLFormElement {
  const inputs = fields.map(({ placeholder }) =>
    element("input", {
      class: "es-field",
      type: "text",
      placeholder,
      required: "",
      maxlength: "200",
      autocomplete: "off",
    }),
  );
  const button = element("button", { type: "submit", class: "es-link" }, verb);
  const problem = element("p", { class: "es-form-problem", role: "alert", hidden: "" });
  const made = element("form", { class: "es-form", novalidate: "" });
  fields.forEach(({ label, known }, i) => {
    const input = inputs[i] as HTMLInputElement;
    const list = element("datalist", { id: `es-known-${++lists}` });
    input.setAttribute("list", list.id);
    const offer = (): void => list.replaceChildren(...known().map((value) => element("option", { value })));
    input.addEventListener("focus", offer, { signal });
    made.append(element("label", { class: "es-labelled" }, element("span", {}, label), input), list);
  });
  made.append(button, problem);
  const say = (words: string): void => {
    problem.textContent = words;
    problem.hidden = words === "";
  };
  const send = async (): Promise<void> => {
    const values = inputs.map(({ value }) => value.trim());
    const missing = values.indexOf("");
    if (missing >= 0) {
      inputs[missing]?.focus();
      return say(`${fields[missing]?.label} is missing.`);
    }
    button.disabled = true;
    try {
      await submit(values);
      say("");
      made.reset();
    } catch (error) {
      if (!signal.aborted) say(wordsOf(error));
    } finally {
      button.disabled = false;
    }
  };
  const ready = (event: SubmitEvent): void => {
    event.preventDefault();
    void send();
  };
  made.addEventListener("submit", ready, { signal });
  return made;
}
