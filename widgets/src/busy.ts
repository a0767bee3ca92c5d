/** Says when something has waited for the kernel longer than `patience` milliseconds. */
export class BusyWatch {
  #waiting = new Set<number>();
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #next = 0;

  constructor(
    private readonly tell: (busy: boolean) => void,
    private readonly patience = 1000,
  ) {}

  /** Start waiting; call what comes back when the answer is there. */
  begin(): () => void {
    const id = this.#next++;
    const late = (): void => {
      this.#waiting.add(id);
      this.tell(true);
    };
    this.#timers.set(id, setTimeout(late, this.patience));
    return () => this.#end(id);
  }

  #end(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    if (this.#waiting.delete(id) && this.#waiting.size === 0) this.tell(false);
  }
}
