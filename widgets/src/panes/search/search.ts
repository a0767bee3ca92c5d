import { Complaint } from "../../complaint";
import { element, icon, iconButton } from "../../dom";
import { count } from "../../format";
import type { Universe } from "../../model";
import type { Source } from "../../source/source";
import { NO_ROWS, type ScopeStore, select } from "../../state";
import { ask } from "../../walk";
import type { Pane, PaneContext } from "../pane";
import { offerImages } from "./image_query";

const REST_MS = 120;

/** What the box takes: words as they stand in any case, their meaning or an image where the encoder reads them. */
function invitation({ modality, queries = [] }: Universe): string {
  const what = modality === "image" ? "Find names" : "Find words";
  const reads = new Set(queries);
  if (reads.has("text"))
    return modality === "image"
      ? `${what}, or press Enter to describe one`
      : `${what}, or press Enter for meaning`;
  return reads.has("image") ? `${what}; drop an image to search by it` : what;
}

/** One box for words as they stand, for their meaning, and for images. */
export const searchPane: Pane = ({ store, source, el, root, signal }: PaneContext): void => {
  const box = new SearchBox(store, source, signal);
  el.setAttribute("role", "search");
  el.append(box.host);
  offerImages({ store, box: box.host, root, signal });
  root.addEventListener("keydown", (event) => goThere(event, box.input), { signal });
};

class SearchBox {
  readonly input = element("input", {
    class: "es-search-input",
    type: "text",
    role: "searchbox",
    "aria-label": "Search",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    spellcheck: "false",
    maxlength: "1000",
  });
  readonly host = element("div", { class: "es-search" });
  #found = element("button", { type: "button", class: "es-search-count" });
  #clear = iconButton("close", "Clear the search (Esc)", () => this.#leave());
  #status = element("span", { class: "es-unseen", role: "status" });
  #complaint: Complaint;
  #asked = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    signal: AbortSignal,
  ) {
    this.#complaint = new Complaint(store);
    this.host.append(icon("search"), this.input, this.#found, this.#clear, this.#status);
    this.input.addEventListener("input", () => this.#typed(), { signal });
    this.input.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.#found.addEventListener("click", () => select(store, store.get("hits")), { signal });
    store.on("universe", () => this.#welcome(), signal);
    store.on("words", (words) => this.#follow(words), signal);
    store.on("hits", () => this.#count(), signal);
    signal.addEventListener("abort", () => this.#forget(), { once: true });
    this.input.value = store.get("words");
    this.#welcome();
    this.#count();
  }

  #welcome(): void {
    this.input.placeholder = invitation(this.store.get("universe"));
    // Rows of another universe mean other items.
    if (this.store.get("words") !== "") this.#find();
  }

  #typed(): void {
    this.#forget();
    this.#count();
    if (this.input.value.trim() === "") this.#empty();
    else this.#timer = setTimeout(() => this.#find(), REST_MS);
  }

  #find(): void {
    this.#forget();
    void this.#search(this.input.value.trim(), this.#asked.signal);
  }

  async #search(words: string, signal: AbortSignal): Promise<void> {
    try {
      const { rows, where } = await this.source.search(words, signal);
      if (signal.aborted) return;
      this.#found.title = `Select the items that hold these words in their ${where}`;
      this.store.set("hits", rows);
      this.store.set("words", words);
      this.#count();
      this.#complaint.takeBack();
    } catch (error) {
      if (!signal.aborted) this.#complaint.say(error);
    }
  }

  /** What was asked or is about to be is of no use any more. */
  #forget(): void {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#asked = new AbortController();
  }

  #empty(): void {
    this.#forget();
    this.#complaint.takeBack();
    this.store.set("words", "");
    this.store.set("hits", NO_ROWS);
    this.#count();
  }

  #leave(): void {
    this.input.value = "";
    this.#empty();
    this.input.focus();
  }

  /** Another part has let go of the words. */
  #follow(words: string): void {
    if (words === "" && this.input.value.trim() !== "" && !this.input.matches(":focus")) {
      this.input.value = "";
      this.#forget();
    }
    this.#count();
  }

  #count(): void {
    const typed = this.input.value.trim();
    const known = typed !== "" && typed === this.store.get("words");
    const hits = this.store.get("hits").length;
    this.#clear.hidden = this.input.value === "";
    this.#found.hidden = typed === "";
    this.#found.disabled = hits === 0;
    this.#found.classList.toggle("es-waiting", !known);
    if (known) this.#found.textContent = count(hits);
    const items = hits === 1 ? "item holds" : "items hold";
    this.#status.textContent = known ? `${count(hits)} ${items} these words` : "";
  }

  #press(event: KeyboardEvent): void {
    const { input } = this;
    if (event.isComposing) return;
    if (event.key === "Enter" && input.value.trim() !== "") {
      ask(this.store, { kind: "text", text: input.value.trim() });
    } else if (event.key === "Escape" && input.value !== "") this.#leave();
    else if (event.key === "Escape") input.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** A slash leads to the search from everywhere, except where it is typed. */
function goThere(event: KeyboardEvent, input: HTMLInputElement): void {
  const typing = event.target instanceof Element && event.target.matches("input, textarea, select");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  input.focus();
  input.select();
}
