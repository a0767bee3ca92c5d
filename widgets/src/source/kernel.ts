import type { BusyWatch } from "../busy";
import type { ScopeModel } from "../model";
import { rowsCheck } from "./rows_check";
import type {
  Action,
  AnchorTerms,
  Changes,
  Composition,
  Distributions,
  ExamplePair,
  ExportFormat,
  Found,
  Heatmap,
  HeatmapCell,
  HeatmapLayer,
  Hits,
  Original,
  PairBin,
  PairKind,
  Payload,
  Query,
  Side,
  Source,
  TablePage,
  TableView,
  Truncation,
} from "./source";

interface Reply {
  type: "reply";
  id: number;
  ok: boolean;
  result?: unknown;
  error?: string;
  /** The rows that were meant are not the kernel's selection. */
  stale?: boolean;
}

interface WirePayload extends Omit<Payload, "thumbnail"> {
  thumbnail: number | null;
}

interface WireOriginal extends Omit<Original, "image"> {
  image: number | null;
}

/** Layers and joint histograms travel as buffers, pointed to by their place. */
interface WireHeatmap extends Omit<Heatmap, "layers"> {
  layers: Partial<Record<HeatmapLayer, number>>;
}

interface WireDistributions extends Omit<Distributions, "kinds"> {
  kinds: (Omit<PairKind, "joint"> & { joint: number | null })[];
}

interface Answer {
  result: unknown;
  buffers: DataView[];
}

/** The kernel's selection is not the one that was asked about: the rows must travel. */
class StaleRows extends Error {}

interface Pending {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Milliseconds that a pass over all pairs may take; it shows its progress, and can be cancelled. */
const LONG = 30 * 60_000;

export interface KernelOptions {
  busy: BusyWatch;
  /** Milliseconds after which a request fails. */
  timeout?: number;
  signal: AbortSignal;
}

/** Asks the kernel over the widget's channel: each request has an id, a timeout and a cancel. */
export class KernelSource implements Source {
  #pending = new Map<number, Pending>();
  // Every browser tab on one kernel hears every reply, so that ids must not meet those of another tab.
  #next = Math.floor(Math.random() * 2 ** 40) * 2 ** 12;
  #timeout: number;

  constructor(
    private readonly model: ScopeModel,
    private readonly options: KernelOptions,
  ) {
    this.#timeout = options.timeout ?? 30_000;
    const receive = (message: unknown, buffers: DataView[]): void => this.#receive(message, buffers);
    model.on("msg:custom", receive);
    options.signal.addEventListener("abort", () => this.#close(receive), { once: true });
  }

  async payload(rows: readonly number[], signal?: AbortSignal): Promise<Payload[]> {
    const { result, buffers } = await this.#request({ kind: "payload", rows: [...rows] }, signal);
    return (result as WirePayload[]).map((item) => ({ ...item, thumbnail: blobOf(item.thumbnail, buffers) }));
  }

  async neighbors(query: Query, k: number, signal?: AbortSignal): Promise<Found> {
    const { image, ...asked } = query.kind === "image" ? query : { ...query, image: undefined };
    const buffers = image ? [await image.arrayBuffer()] : [];
    return (await this.#request({ kind: "neighbors", query: asked, k }, signal, buffers)).result as Found;
  }

  async search(words: string, signal?: AbortSignal): Promise<Hits> {
    const { result, buffers } = await this.#request({ kind: "search", words }, signal);
    const [rows] = buffers;
    return { where: (result as Hits).where, rows: rows ? uint32Of(rows) : new Uint32Array(0) };
  }

  async composition(rows: Uint32Array, signal?: AbortSignal): Promise<Composition[]> {
    return (await this.#about(rows, { kind: "composition" }, signal)).result as Composition[];
  }

  async table(rows: Uint32Array, view: TableView, signal?: AbortSignal): Promise<TablePage> {
    return (await this.#about(rows, { kind: "table", view }, signal)).result as TablePage;
  }

  async original(row: number, signal?: AbortSignal): Promise<Original> {
    const { result, buffers } = await this.#request({ kind: "original", row }, signal);
    const { image, ...item } = result as WireOriginal;
    return { ...item, image: blobOf(image, buffers) };
  }

  async exported(rows: Uint32Array, format: ExportFormat, signal?: AbortSignal): Promise<Blob> {
    const { buffers } = await this.#about(rows, { kind: "export", format }, signal);
    return new Blob(buffers as DataView<ArrayBuffer>[]);
  }

  async heatmap(by: string, bandwidth: string, layer: HeatmapLayer, signal?: AbortSignal): Promise<Heatmap> {
    const content = { kind: "heatmap", by, bandwidth, layer };
    const { result, buffers } = await this.#request(content, signal, [], LONG);
    const { layers, ...heatmap } = result as WireHeatmap;
    const arrays = Object.entries(layers).map(([name, place]) => [name, float32Of(buffers[place])]);
    return { ...heatmap, layers: Object.fromEntries(arrays) };
  }

  async cell(
    at: { by: string; bandwidth: string; row: number; column: number },
    signal?: AbortSignal,
  ): Promise<HeatmapCell> {
    return (await this.#request({ kind: "cell", ...at }, signal, [], LONG)).result as HeatmapCell;
  }

  async anchor(
    at: { by: string; bandwidth: string; row: number; group: number | null },
    signal?: AbortSignal,
  ): Promise<AnchorTerms> {
    return (await this.#request({ kind: "anchor", ...at }, signal, [], LONG)).result as AnchorTerms;
  }

  async distributions(by: string, rows: Uint32Array | null, signal?: AbortSignal): Promise<Distributions> {
    const content = { kind: "distributions", by };
    const buffer = rows ? [rows.slice().buffer] : [];
    const { result, buffers } = await this.#request(content, signal, buffer, LONG);
    const { kinds, ...rest } = result as WireDistributions;
    const decoded = kinds.map(({ joint, ...kind }) => {
      const bytes = joint === null ? undefined : buffers[joint];
      return { ...kind, joint: bytes ? uint32Of(bytes) : null };
    });
    return { ...rest, kinds: decoded };
  }

  async pairs(bin: PairBin, signal?: AbortSignal): Promise<ExamplePair[]> {
    const { kind, ...rest } = bin;
    const content = { kind: "pairs", ...rest, pairs: kind };
    return (await this.#request(content, signal, [], LONG)).result as ExamplePair[];
  }

  async changes(query: Query, k: number, dims: [number, number], signal?: AbortSignal): Promise<Changes> {
    const { image, ...asked } = query.kind === "image" ? query : { ...query, image: undefined };
    const buffers = image ? [await image.arrayBuffer()] : [];
    return (await this.#request({ kind: "changes", query: asked, k, dims }, signal, buffers))
      .result as Changes;
  }

  async truncation(side: Side, signal?: AbortSignal): Promise<Truncation> {
    return (await this.#request({ kind: "truncation", side }, signal, [], LONG)).result as Truncation;
  }

  async act(action: Action, signal?: AbortSignal): Promise<void> {
    if (!("rows" in action)) await this.#request({ ...action }, signal);
    else {
      const { rows, ...content } = action;
      await this.#about(rows, content, signal);
    }
  }

  /**
   * Ask about rows, which mostly are the selection that the kernel has too: then a check of them travels, and the rows
   * themselves only where the kernel has others.
   */
  async #about(rows: Uint32Array, content: Record<string, unknown>, signal?: AbortSignal): Promise<Answer> {
    try {
      return await this.#request({ ...content, check: rowsCheck(rows) }, signal);
    } catch (error) {
      if (!(error instanceof StaleRows)) throw error;
      return this.#request(content, signal, [rows.slice().buffer]);
    }
  }

  async #request(
    content: Record<string, unknown>,
    signal?: AbortSignal,
    buffers: ArrayBuffer[] = [],
    timeout = this.#timeout,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    this.options.signal.throwIfAborted();
    const id = this.#next++;
    const answered = this.options.busy.begin();
    const giveUp = new AbortController();
    try {
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        const cancel = (reason: unknown): void => {
          this.model.send({ type: "cancel", id });
          reject(reason);
        };
        signal?.addEventListener("abort", () => cancel(signal.reason), { once: true, signal: giveUp.signal });
        const seconds = timeout / 1000;
        const timer = setTimeout(
          () => cancel(new Error(`The kernel did not answer within ${seconds} s.`)),
          timeout,
        );
        giveUp.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
        this.model.send({ type: "request", id, ...content }, undefined, buffers);
      });
    } finally {
      this.#pending.delete(id);
      giveUp.abort();
      answered();
    }
  }

  #receive(message: unknown, buffers: DataView[]): void {
    if (!isReply(message)) return;
    const pending = this.#pending.get(message.id);
    if (message.ok) pending?.resolve({ result: message.result, buffers });
    else if (message.stale) pending?.reject(new StaleRows("The kernel has another selection."));
    else pending?.reject(new Error(message.error || "The kernel could not answer."));
  }

  #close(receive: (message: unknown, buffers: DataView[]) => void): void {
    this.model.off("msg:custom", receive);
    for (const pending of this.#pending.values()) pending.reject(this.options.signal.reason);
  }
}

function isReply(message: unknown): message is Reply {
  const reply = message as Partial<Reply> | null;
  return reply?.type === "reply" && typeof reply.id === "number";
}

function blobOf(place: number | null, buffers: DataView[]): Blob | null {
  const bytes = place === null ? undefined : buffers[place];
  return bytes ? new Blob([bytes as DataView<ArrayBuffer>]) : null;
}

function float32Of(view: DataView | undefined): Float32Array {
  if (!view) return new Float32Array(0);
  const { buffer, byteOffset, byteLength } = view;
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

function uint32Of({ buffer, byteOffset, byteLength }: DataView): Uint32Array {
  return new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}
