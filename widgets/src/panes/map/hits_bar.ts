import { element } from "../../dom";
import { count } from "../../format";
import { cut } from "../../marked";
import { type ScopeStore, select } from "../../state";

const MOST_WORDS = 40;

/** Says how many items hold the words that were searched for, and offers to select them. */
export function openHitsBar(store: ScopeStore, signal: AbortSignal): HTMLElement {
  const words = element("span", { class: "es-hits-words", role: "status" });
  const take = element("button", { type: "button", class: "es-link" }, "Select them");
  const bar = element("div", { class: "es-hits" }, words, take);
  take.addEventListener("click", () => select(store, store.get("hits")), { signal });
  const fill = (): void => {
    const hits = hitsInForce(store);
    bar.classList.toggle("es-shown", hits !== null);
    bar.inert = hits === null;
    if (!hits) return;
    const of = `${count(hits.length)} of ${count(store.get("universe").n)}`;
    const sought = element("bdi", {}, cut(store.get("words").trim(), MOST_WORDS));
    words.replaceChildren(`${of} ${hits.length === 1 ? "holds" : "hold"} “`, sought, "”");
  };
  for (const key of ["hits", "words", "universe"] as const) store.on(key, fill, signal);
  fill();
  return bar;
}

/** The rows that stand out because of a search; null where there is no search, or it found nothing. */
export function hitsInForce(store: ScopeStore): Uint32Array | null {
  const hits = store.get("hits");
  return store.get("words") !== "" && hits.length > 0 ? hits : null;
}
