import type { Model, ScopeModel } from "../src/model";

type Callback = (...args: never[]) => void;

/** A model without a kernel: it holds traits, tells of changes, and hands what is sent to whoever plays the kernel. */
export class LocalModel implements ScopeModel {
  readonly sent: unknown[] = [];
  saves = 0;
  onSend: (content: unknown, buffers: ArrayBuffer[]) => void = () => {};
  #callbacks = new Map<string, Set<Callback>>();

  constructor(private readonly traits: Model) {}

  get<K extends keyof Model>(key: K): Model[K] {
    return this.traits[key];
  }

  set<K extends keyof Model>(key: K, value: Model[K]): void {
    this.traits[key] = value;
    this.#tell(`change:${key}`);
  }

  save_changes(): void {
    this.saves++;
  }

  send(content: unknown, _callbacks?: unknown, buffers: ArrayBuffer[] = []): void {
    this.sent.push(content);
    this.onSend(content, buffers);
  }

  on(name: string, callback: Callback): void {
    const callbacks = this.#callbacks.get(name) ?? new Set();
    this.#callbacks.set(name, callbacks.add(callback));
  }

  off(name: string, callback: Callback): void {
    this.#callbacks.get(name)?.delete(callback);
  }

  /** A message from the kernel. */
  receive(message: unknown, buffers: DataView[] = []): void {
    this.#tell("msg:custom", message, buffers);
  }

  get callbackCount(): number {
    return [...this.#callbacks.values()].reduce((sum, callbacks) => sum + callbacks.size, 0);
  }

  #tell(name: string, ...args: unknown[]): void {
    for (const callback of [...(this.#callbacks.get(name) ?? [])])
      (callback as (...args: unknown[]) => void)(...args);
  }
}
