import { wordsOf } from "../../complaint";
import type { Heatmap, HeatmapLayer, Source } from "../../source/source";

/** What is looked at: the groups, how distances become probabilities, and which layer. */
export interface Wanted {
  by: string;
  bandwidth: string;
  layer: HeatmapLayer;
}

export type Phase =
  | { kind: "waiting"; layer: HeatmapLayer }
  | { kind: "cancelled" }
  | { kind: "failed"; words: string }
  | { kind: "here"; heatmap: Heatmap };

interface UnderWay {
  key: string;
  /** The second pass is part of it. */
  second: boolean;
  own: AbortController;
}

/** As many as Python keeps: the cells of others could not be opened. */
const MOST_KEPT = 8;

/** Asks for heatmaps and keeps the last ones: one pass gives every layer but Jensen–Shannon's, which takes a second. */
export class Asking {
  #kept = new Map<string, Heatmap>();
  #underWay: UnderWay | null = null;

  constructor(
    private readonly source: Source,
    private readonly tell: (phase: Phase) => void,
    signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => this.#underWay?.own.abort(signal.reason), { once: true });
  }

  want(wanted: Wanted): void {
    const key = JSON.stringify([wanted.by, wanted.bandwidth]);
    const kept = this.#kept.get(key);
    if (kept?.layers[wanted.layer]) {
      this.#stop();
      this.tell({ kind: "here", heatmap: kept });
      return;
    }
    const second = wanted.layer === "js";
    this.tell({ kind: "waiting", layer: wanted.layer });
    // What is under way brings this layer too.
    if (this.#underWay?.key === key && (this.#underWay.second || !second)) return;
    this.#stop();
    void this.#ask(wanted, { key, second, own: new AbortController() });
  }

  cancel(): void {
    if (!this.#underWay) return;
    this.#stop();
    this.tell({ kind: "cancelled" });
  }

  /** The spaces or their groups have changed. */
  forget(): void {
    this.#stop();
    this.#kept.clear();
  }

  #keep(key: string, heatmap: Heatmap): void {
    this.#kept.delete(key);
    this.#kept.set(key, heatmap);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  #stop(): void {
    this.#underWay?.own.abort(new DOMException("No longer wanted.", "AbortError"));
    this.#underWay = null;
  }

  async #ask({ by, bandwidth, layer }: Wanted, asked: UnderWay): Promise<void> {
    this.#underWay = asked;
    const { signal } = asked.own;
    try {
      const heatmap = await this.source.heatmap(by, bandwidth, layer, signal);
      if (signal.aborted) return;
      this.#keep(asked.key, heatmap);
      this.#underWay = null;
      this.tell({ kind: "here", heatmap });
    } catch (error) {
      if (signal.aborted) return;
      this.#underWay = null;
      this.tell({ kind: "failed", words: wordsOf(error) });
    }
  }
}
