import { wordsOf } from "../../complaint";
import { element, iconButton } from "../../dom";
import { Pictures } from "../../pictures";
import type { ScopeStore } from "../../state";
import { ask } from "../../walk";
import type { Pane, PaneContext } from "../pane";
import { contentOf } from "./content";
import { keepFocus } from "./focus";

/** An item as it is, over everything else. */
export const openViewer: Pane = (context: PaneContext): void => {
  const { store, root, signal } = context;
  let shown: Viewer | undefined;
  const follow = (): void => {
    const row = store.get("opened");
    shown?.close();
    shown = row < 0 ? undefined : new Viewer(context, row);
  };
  let items = store.get("universe").n;
  store.on(
    "universe",
    ({ n }) => {
      // Rows of another universe mean other items.
      if (n !== items) store.set("opened", -1);
      items = n;
    },
    signal,
  );
  store.on("opened", follow, signal);
  root.addEventListener("keydown", (event) => leaveByKey(event, store), { signal });
  signal.addEventListener("abort", () => shown?.close(), { once: true });
  follow();
};

class Viewer {
  #life = new AbortController();
  #panel = element("div", {
    class: "es-viewer",
    role: "dialog",
    "aria-modal": "true",
    "aria-label": "The original",
    tabindex: "-1",
  });
  #content = element("div", { class: "es-viewer-content" });

  constructor(
    private readonly context: PaneContext,
    private readonly row: number,
  ) {
    const { root, store } = context;
    const { signal } = this.#life;
    const leave = (): void => store.set("opened", -1);
    const near = element("button", { type: "button", class: "es-link" }, "Neighbours of this");
    near.addEventListener("click", () => {
      leave();
      ask(store, { kind: "item", row });
    });
    near.hidden = !store.get("panes").includes("neighbors");
    const close = iconButton("close", "Close (Esc)", leave);
    this.#panel.append(this.#content, element("div", { class: "es-viewer-actions" }, near, close));
    const veil = element("div", { class: "es-veil" }, this.#panel);
    veil.addEventListener("pointerdown", (event) => {
      if (event.target === veil) leave();
    });
    signal.addEventListener("abort", () => veil.remove(), { once: true });
    keepFocus(this.#panel, root, signal, () => root.append(veil));
    this.#panel.scrollIntoView({ block: "nearest" });
    void this.#fetch(signal);
  }

  close(): void {
    this.#life.abort();
  }

  async #fetch(signal: AbortSignal): Promise<void> {
    const { store, source } = this.context;
    const state = element("p", { class: "es-viewer-state", role: "status" }, "Loading…");
    const wait = (busy: boolean): void => {
      state.textContent = busy ? "The kernel is busy; waiting for it…" : "Loading…";
    };
    const waiting = new AbortController();
    signal.addEventListener("abort", () => waiting.abort(), { once: true });
    store.on("busy", wait, waiting.signal);
    this.#content.replaceChildren(state);
    try {
      const original = await source.original(this.row, signal);
      if (signal.aborted) return;
      this.#panel.setAttribute("aria-label", original.title || original.id);
      this.#content.replaceChildren(...contentOf(original, store, new Pictures(signal)));
    } catch (error) {
      if (!signal.aborted) state.textContent = wordsOf(error);
    } finally {
      waiting.abort();
    }
  }
}

function leaveByKey(event: KeyboardEvent, store: ScopeStore): void {
  if (event.key !== "Escape" || store.get("opened") < 0) return;
  event.preventDefault();
  event.stopPropagation();
  store.set("opened", -1);
}
