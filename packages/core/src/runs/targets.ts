/** What is computed from the return over the horizon. */
export const targetKinds = ['ret', 'excess', 'volret', 'dir'] as const;
export type TargetKind = (typeof targetKinds)[number];

/** A target that is computed from closes: `fwd_ret_5d`, `fwd_excess_5d`, `fwd_volret_5d`, `fwd_dir_5d`, and the like. */
export interface ComputedTarget {
  readonly kind: TargetKind;
  /** 1 … 9999, in `unit`s */
  readonly horizon: number;
  /** d: days, which need daily bars; b: bars of any interval. */
  readonly unit: 'd' | 'b';
}

const pattern = new RegExp(`^fwd_(${targetKinds.join('|')})_([1-9]\\d{0,3})([db])$`);

/** Columns of the files whose name begins so are targets, in any case; a feature never is named so. */
export const targetColumnPattern = new RegExp(`^(fwd_(${targetKinds.join('|')})_|y_|target_)`, 'i');

/** The computed target that a name stands for; null where it stands for none. */
export function parseTargetName(name: string): ComputedTarget | null {
  const match = pattern.exec(name);
  if (!match) return null;
  return { kind: match[1] as TargetKind, horizon: Number(match[2]), unit: match[3] as 'd' | 'b' };
}

/**
 * Bars ahead of its row's own that a label looks: it is entered `lagBars` after the row and left a horizon later, so its
 * window is t + lagBars … t + lagBars + horizon of the symbol's own bars. Purging goes by it.
 */
export const labelBarsOf = (target: ComputedTarget, lagBars: number): number => lagBars + target.horizon;

/**
 * Whether a target is a direction, 1 where it rose and 0 where it did not: by its name, or of a file's column by its known values, which
 * are these two and no others.
 * @param values NaN = not known
 */
export function isDirection(name: string, values: Float64Array): boolean {
  const computed = parseTargetName(name);
  if (computed) return computed.kind === 'dir';
  const seen = [false, false];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (value !== 0 && value !== 1) return false;
    seen[value] = true;
  }
  return seen[0]! && seen[1]!;
}
