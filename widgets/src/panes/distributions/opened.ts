import { wordsOf } from "../../complaint";
import type { ExamplePair, PairBin, Side, Source } from "../../source/source";
import type { ScopeStore } from "../../state";
import { ask } from "../../walk";
import type { Asking } from "./asking";
import { PairList } from "./pair_list";
import { binTitle, namesOf, pairsIn, shownOf } from "./words";

/** The bin at hand: its pairs are listed and selected, and one of them can be walked to. */
export class Opened {
  readonly list: PairList;
  #asked = new AbortController();

  constructor(
    private readonly store: ScopeStore,
    private readonly source: Source,
    private readonly asking: Asking,
    close: () => void,
    signal: AbortSignal,
  ) {
    const walk = ({ rows }: ExamplePair): void => {
      asking.selectOwn(rows);
      ask(store, { kind: "item", row: rows[0] });
    };
    this.list = new PairList(store, source, { walk, close }, signal);
    store.on("bin", (bin) => void this.#show(bin), signal);
    signal.addEventListener("abort", () => this.#asked.abort(signal.reason), { once: true });
  }

  /** The distributions have come or gone: a bin that was open belongs to the ones before. */
  drop(): void {
    this.store.set("bin", null);
  }

  async #show(bin: PairBin | null): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const { data, items } = this.asking;
    if (!bin || !data) {
      this.list.clear();
      return;
    }
    const names: Record<Side, string> = namesOf(this.store.get("comparison").names);
    const title = binTitle(bin, data, names, items);
    this.list.say(title, "Looking for pairs…");
    try {
      const pairs = await this.source.pairs(bin, signal);
      if (signal.aborted) return;
      const all = pairsIn(
        data.kinds.find(({ kind }) => kind === bin.kind),
        bin,
        data.edges.length - 1,
      );
      this.list.show(title, shownOf(pairs, all), pairs, names);
      if (pairs.length > 0) this.asking.selectOwn(pairs.flatMap(({ rows }) => rows));
    } catch (error) {
      if (!signal.aborted) this.list.say(title, wordsOf(error), true);
    }
  }
}
