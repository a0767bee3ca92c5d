import { Complaint } from "../../complaint";
import { element, iconButton } from "../../dom";
import { cut } from "../../marked";
import type { ScopeStore } from "../../state";
import { ask } from "../../walk";
import { shrink } from "./shrink";

export interface ImageOffer {
  store: ScopeStore;
  /** Where the button stands. */
  box: HTMLElement;
  /** Where an image can be dropped or pasted. */
  root: HTMLElement;
  signal: AbortSignal;
}

/** Ask what is like an image: chosen as a file, dropped on the widget, or pasted into it; where items are images. */
export function offerImages({ store, box, root, signal }: ImageOffer): void {
  const complaint = new Complaint(store);
  let latest = 0;
  const take = async (file: File): Promise<void> => {
    const own = ++latest;
    const name = cut(file.name || "Pasted image", 200);
    try {
      const image = await shrink(file, name);
      if (signal.aborted || own !== latest) return;
      complaint.takeBack();
      ask(store, { kind: "image", name, image });
    } catch (error) {
      if (!signal.aborted && own === latest) complaint.say(error);
    }
  };
  const useful = (): boolean => store.get("universe").modality === "image" && store.get("universe").n > 0;
  offerFile(store, box, useful, (file) => void take(file), signal);
  offerDrop(root, useful, (file) => void take(file), signal);
  root.addEventListener(
    "paste",
    (event) => {
      const file = useful() ? imageAmong(event.clipboardData) : undefined;
      if (!file) return;
      event.preventDefault();
      void take(file);
    },
    { signal },
  );
}

function offerFile(
  store: ScopeStore,
  box: HTMLElement,
  useful: () => boolean,
  take: (file: File) => void,
  signal: AbortSignal,
): void {
  const picker = element("input", { type: "file", accept: "image/*", hidden: "", tabindex: "-1" });
  const button = iconButton("image", "Search by an image: choose, drop or paste one", () => picker.click());
  picker.addEventListener(
    "change",
    () => {
      const [file] = picker.files ?? [];
      // The same file may be chosen again.
      picker.value = "";
      if (file) take(file);
    },
    { signal },
  );
  const offer = (): void => {
    button.hidden = !useful();
  };
  store.on("universe", offer, signal);
  box.append(button, picker);
  offer();
}

function offerDrop(
  root: HTMLElement,
  useful: () => boolean,
  take: (file: File) => void,
  signal: AbortSignal,
): void {
  const words = element("div", { class: "es-drop", hidden: "" }, "Drop the image to see what is like it");
  root.append(words);
  const over = (event: DragEvent): void => {
    if (!useful() || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    words.hidden = false;
  };
  const leave = (event: DragEvent): void => {
    if (!(event.relatedTarget instanceof Node && root.contains(event.relatedTarget))) words.hidden = true;
  };
  const drop = (event: DragEvent): void => {
    words.hidden = true;
    const [file] = event.dataTransfer?.files ?? [];
    if (!useful() || !file) return;
    event.preventDefault();
    event.stopPropagation();
    take(file);
  };
  root.addEventListener("dragover", over, { signal });
  root.addEventListener("dragleave", leave, { signal });
  root.addEventListener("drop", drop, { signal });
}

function imageAmong(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find(({ type }) => type.startsWith("image/"));
}
