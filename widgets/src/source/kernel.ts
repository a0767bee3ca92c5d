import type { BusyWatch } from "../busy";
import type { ScopeModel } from "../model";
import type { Payload, Source } from "./source";

interface Reply {
  type: "reply";
  id: number;
  ok: boolean;
  result?: unknown;
  error?: string;
}

interface WirePayload extends Omit<Payload, "thumbnail"> {
  thumbnail: number | null;
}

interface Pending {
  resolve(answer: { result: unknown; buffers: DataView[] }): void;
  reject(error: unknown): void;
}

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
    return (result as WirePayload[]).map((item) => ({ ...item, thumbnail: thumbnailOf(item, buffers) }));
  }

  async #request(
    content: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<{ result: unknown; buffers: DataView[] }> {
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
        const seconds = this.#timeout / 1000;
        const timer = setTimeout(
          () => cancel(new Error(`The kernel did not answer within ${seconds} s.`)),
          this.#timeout,
        );
        giveUp.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
        this.model.send({ type: "request", id, ...content });
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

function thumbnailOf(item: WirePayload, buffers: DataView[]): Blob | null {
  const bytes = item.thumbnail === null ? undefined : buffers[item.thumbnail];
  return bytes ? new Blob([bytes as DataView<ArrayBuffer>]) : null;
}
