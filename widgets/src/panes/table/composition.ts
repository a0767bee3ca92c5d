import { swatch } from "../../colors";
import { wordsOf } from "../../complaint";
import { element } from "../../dom";
import { count } from "../../format";
import { cut } from "../../marked";
import type { Composition, Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { type Sizes, shareButton } from "./shares";

/** What a click on a category asks for: rows of that category alone, or all of them again. */
export type OnShare = (column: Composition, name: string | null) => void;

/** What the selection is made of, against the whole. */
export class CompositionView {
  readonly host = element("div", { class: "es-composition", role: "region", "aria-label": "Composition" });
  #hint = element("p", { class: "es-hint" });
  #state = element("p", { class: "es-hint", role: "status" });
  #groups = element("div", { class: "es-shares" });

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    private readonly onShare: OnShare,
    private readonly onShown: () => void,
  ) {
    this.host.append(this.#hint, this.#state, this.#groups);
  }

  async show(rows: Uint32Array, signal: AbortSignal): Promise<void> {
    this.#groups.classList.add("es-waiting");
    if (!this.#groups.hasChildNodes()) this.#say("Comparing with the whole…");
    try {
      const columns = await this.source.composition(rows, signal);
      if (signal.aborted) return;
      const sizes = { selected: rows.length, all: this.store.get("universe").n };
      this.#fill(columns, sizes);
      this.onShown();
    } catch (error) {
      if (signal.aborted) return;
      this.#groups.replaceChildren();
      this.#say(wordsOf(error));
    }
  }

  /** The filters have changed: only what they hold is pressed. */
  mark(chosen: (column: string, name: string) => boolean): void {
    for (const button of this.#groups.querySelectorAll<HTMLElement>(".es-share")) {
      const { column = "", name = "" } = button.dataset;
      button.setAttribute("aria-pressed", String(chosen(column, name)));
    }
  }

  #say(words: string): void {
    this.#state.textContent = words;
    this.#state.hidden = words === "";
  }

  #fill(columns: Composition[], sizes: Sizes): void {
    const telling = columns.filter(({ shares }) => shares.length > 0);
    this.#hint.textContent = `How often, against all ${count(sizes.all)}`;
    this.#hint.hidden = telling.length === 0;
    this.#say(telling.length === 0 ? "There is no column of categories to compare by." : "");
    this.#groups.classList.remove("es-waiting");
    this.#groups.replaceChildren(...telling.map((column) => this.#group(column, sizes)));
  }

  #group(column: Composition, sizes: Sizes): HTMLElement {
    const list = element("ul", {});
    for (const share of column.shares) {
      const color = share.color === null ? null : swatch(share.color, this.store.get("dark"));
      const button = shareButton(share, column, sizes, color);
      button.dataset.column = column.key;
      button.dataset.name = share.name;
      button.addEventListener("click", () => {
        const pressed = button.getAttribute("aria-pressed") === "true";
        this.onShare(column, pressed ? null : share.name);
      });
      list.append(element("li", {}, button));
    }
    const title = element("h4", { class: "es-share-title", dir: "auto" }, cut(column.title, 80));
    const more = element("p", { class: "es-hint" }, `and ${count(column.more)} more`);
    return element("section", {}, title, list, ...(column.more > 0 ? [more] : []));
  }
}
