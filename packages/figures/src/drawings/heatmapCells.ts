/** CSS colour of a cell. With values of both signs, zero is neutral and the two hues diverge; else the ground is the least. */
export function cellColor(value: number | null, low: number, high: number): string {
  if (value === null || !Number.isFinite(value)) return 'var(--sunken)';
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const share = low < 0 ? Math.abs(value) / (largest || 1) : (value - low) / (high - low || 1);
  const hue = low < 0 && value < 0 ? 'var(--series-2)' : 'var(--series-1)';
  return `color-mix(in oklab, ${hue} ${Math.round(4 + 96 * share)}%, var(--surface))`;
}

export interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Where a key takes the cursor; null takes it away, undefined: not a key of it. */
export function cellAfter(key: string, at: Cell | null, rows: number, columns: number): Cell | null | undefined {
  if (rows === 0 || columns === 0) return undefined;
  if (key === 'Escape') return at === null ? undefined : null;
  const steps: Record<string, readonly [number, number]> = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
  };
  const step = steps[key];
  if (!step) return undefined;
  if (at === null) return { row: 0, column: 0 };
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  return { row: within(at.row + step[0], rows), column: within(at.column + step[1], columns) };
}
