/** Gathers items and hands them on at most once an interval: the first at once, the last never lost. */
export class Thinned<T> {
  private readonly items = new Set<T>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly intervalMs: number,
    private readonly flush: (items: T[]) => void,
  ) {}

  add(item: T): void {
    this.items.add(item);
    if (this.timer === null) this.hand();
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.items.clear();
  }

  private hand(): void {
    const items = [...this.items];
    this.items.clear();
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.items.size > 0) this.hand();
    }, this.intervalMs);
    this.flush(items);
  }
}
