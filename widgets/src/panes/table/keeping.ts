import { Complaint } from "../../complaint";
import { element, icon } from "../../dom";
import { count } from "../../format";
import { cut } from "../../marked";
import type { ExportFormat } from "../../source/source";
import type { PaneContext } from "../pane";
import { download } from "./download";
import { form } from "./form";
import { type Popover, popover } from "./popover";

const FORMATS: Record<ExportFormat, string> = {
  csv: "CSV",
  json: "JSON",
  parquet: "Parquet",
};

/** The saved selections, to come back to or to delete. */
export function savedMenu({ store, source, root, signal }: PaneContext): HTMLElement {
  const complaint = new Complaint(store);
  const list = element("ul", { class: "es-menu" });
  const menu = popover("Saved", list, root, signal);
  const act = async (kind: "apply_selection" | "delete_selection", name: string): Promise<void> => {
    try {
      await source.act({ kind, name }, signal);
      complaint.takeBack();
    } catch (error) {
      if (!signal.aborted) complaint.say(error);
    }
  };
  const entry = (name: string, items: number): HTMLElement => {
    const short = cut(name, 60);
    const words = element("bdi", { class: "es-menu-name" }, short);
    const apply = element(
      "button",
      { type: "button", class: "es-menu-item" },
      words,
      element("span", { class: "es-count" }, count(items)),
    );
    const remove = element(
      "button",
      { type: "button", class: "es-tool", "aria-label": `Delete ${short}`, title: "Delete" },
      icon("close"),
    );
    apply.addEventListener("click", () => {
      menu.close();
      void act("apply_selection", name);
    });
    remove.addEventListener("click", () => void act("delete_selection", name));
    return element("li", {}, apply, remove);
  };
  const fill = (): void => {
    const saved = store.get("savedSelections");
    menu.host.hidden = saved.length === 0;
    if (saved.length === 0) menu.close();
    menu.button.textContent = `Saved ${count(saved.length)}`;
    list.replaceChildren(...saved.map(({ name, count: items }) => entry(name, items)));
  };
  store.on("savedSelections", fill, signal);
  fill();
  return menu.host;
}

/** Give the selection a name, under which Python has it too. */
export function saveForm({ store, source, root, signal }: PaneContext): HTMLElement {
  const names = (): string[] => store.get("savedSelections").map(({ name }) => name);
  const field = { label: "Name", placeholder: "such as mislabelled", known: names };
  const submit = async ([name = ""]: string[]): Promise<void> => {
    await source.act({ kind: "save_selection", name, rows: store.get("selection") }, signal);
    menu.close();
  };
  const menu: Popover = popover("Save…", form([field], "Save", submit, signal), root, signal);
  return menu.host;
}

/** Give the selected items a label in a column, which the colours can then show. */
export function labelForm({ store, source, root, signal }: PaneContext): HTMLElement {
  const columns = (): string[] =>
    store
      .get("colorChoices")
      .flatMap(({ kind, key }) => (kind === "category" && key !== "cluster" ? [key] : []));
  const labels = (): string[] => {
    const color = store.get("color");
    return color.kind === "category" ? color.names.slice(0, 200) : [];
  };
  const fields = [
    { label: "Column", placeholder: "a new one, or one there is", known: columns },
    { label: "Label", placeholder: "such as wrong", known: labels },
  ];
  const submit = async ([column = "", label = ""]: string[]): Promise<void> => {
    await source.act({ kind: "label_selection", column, label, rows: store.get("selection") }, signal);
    menu.close();
  };
  const menu: Popover = popover("Label…", form(fields, "Set the label", submit, signal), root, signal);
  return menu.host;
}

/** The selected items as a file. */
export function exportMenu({ store, source, root, signal }: PaneContext): HTMLElement {
  const complaint = new Complaint(store);
  const list = element("ul", { class: "es-menu" });
  const menu = popover("Export", list, root, signal);
  const save = async (format: ExportFormat): Promise<void> => {
    menu.close();
    try {
      const file = await source.exported(store.get("selection"), format, signal);
      if (!signal.aborted) download(file, `${store.get("universe").title || "selection"}.${format}`, signal);
      complaint.takeBack();
    } catch (error) {
      if (!signal.aborted) complaint.say(error);
    }
  };
  for (const [format, title] of Object.entries(FORMATS)) {
    const button = element("button", { type: "button", class: "es-menu-item" }, title);
    button.addEventListener("click", () => void save(format as ExportFormat), { signal });
    list.append(element("li", {}, button));
  }
  return menu.host;
}
