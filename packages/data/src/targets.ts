import { DomainError } from '@twostage/core/errors';
import { type ComputedTarget, labelBarsOf, parseTargetName, type TargetKind } from '@twostage/core/runs/targets';
import { listed } from './symbolNames.ts';

/** A target of the dataset and how its values come about. */
export interface TargetPlan {
  readonly name: string;
  /** Bars ahead of the row's own that its label looks. */
  readonly labelBars: number;
  /** A column of the files (an index into them), or what is computed from closes. */
  readonly from: number | ComputedTarget;
  readonly note: string | null;
}

export interface TargetSettings {
  /** Bars between a row and the entry of its label. */
  readonly lagBars: number;
  /** Of the data, e.g. `1d` */
  readonly interval: string;
  readonly symbols: number;
}

/** Bars over which the volatility that scales `fwd_volret` is measured, up to and including the row's. */
export const volatilityBars = 20;

/**
 * A target is a column of the files, or is computed from the symbol's own closes. With lag g and horizon k the return is
 * r = close[t+g+k] / close[t+g] − 1: with g = 1 a signal at the close of t can be traded at the next.
 *
 *   fwd_ret_{k}     r
 *   fwd_excess_{k}  r less the mean r of the bar's symbols whose windows have ended when the row's does (all of them, unless
 *                   symbols miss bars), so that its label knows nothing later than its own window; needs two of them
 *   fwd_volret_{k}  r / (σ √k), σ the sample standard deviation of the last 20 one-bar returns up to t: in standard deviations
 *   fwd_dir_{k}     1 where r > 0, else 0
 *
 * {k} ends in d for days, which needs daily bars, or in b for bars of any interval.
 * @throws DomainError UNKNOWN_TARGET listing what there is
 */
export function planTargets(
  names: readonly string[],
  fileTargets: readonly string[],
  settings: TargetSettings,
): TargetPlan[] {
  return names.map((name, i) => {
    const column = fileTargets.findIndex((each) => each.toLowerCase() === name.toLowerCase());
    if (column >= 0) return columnTarget(name, column, settings.lagBars);
    const refuse = (reason: string): never => {
      throw new DomainError('UNKNOWN_TARGET', `target "${name}": ${reason}`, { field: `targets.${i}` });
    };
    const target = parseTargetName(name);
    if (!target) {
      return refuse(
        `neither a column of the files (${fileTargets.length > 0 ? `they have ${listed(fileTargets)}` : 'they have no target columns'}) nor a forward return fwd_ret_{k}d or fwd_ret_{k}b (or fwd_excess_, fwd_volret_, fwd_dir_) with k from 1 to 9999`,
      );
    }
    // With fewer than two bars there is no interval; that there are too few is said later.
    if (target.unit === 'd' && settings.interval !== '1d' && settings.interval !== 'unknown') {
      const inBars = name.replace(/d$/, 'b');
      return refuse(`counts days, but the bars are ${settings.interval}; use ${inBars} to count bars`);
    }
    if (target.kind === 'excess' && settings.symbols < 2) {
      return refuse('is a return over the mean of several symbols; there is one symbol');
    }
    return { name, labelBars: labelBarsOf(target, settings.lagBars), from: target, note: null };
  });
}

/** A column's horizon can only be read from its name; what is not said there cannot be purged. */
function columnTarget(name: string, column: number, lagBars: number): TargetPlan {
  const horizon = /_(\d{1,4})[db]$/i.exec(name)?.[1];
  // What its lag was is not said at all: no shorter than the usual one is safe.
  const labelBars = horizon === undefined ? 1 : Math.max(1, lagBars) + Number(horizon);
  return {
    name,
    labelBars,
    from: column,
    note:
      horizon === undefined
        ? `the horizon of the target "${name}" is not known: its labels are taken to look 1 bar ahead; a name that ends in _{k}d or _{k}b says k`
        : null,
  };
}

/** SQL of the targets as DOUBLE columns target0, target1 … over the table `bars`, one row a bar, with symbol and sn; NULL = not known. */
export function targetQuery(targets: readonly TargetPlan[], lagBars: number): string {
  const horizons = [...new Set(targets.flatMap(({ from }) => (typeof from === 'number' ? [] : [from.horizon])))];
  const paths = horizons.map(
    (k) =>
      `lead(c, ${lagBars + k}) OVER s / lead(c, ${lagBars}) OVER s - 1 AS r${k}, lead(bar, ${lagBars + k}) OVER s AS e${k}`,
  );
  const meetings = horizons.map((k) => `m${k} AS (PARTITION BY bar ORDER BY e${k})`);
  const columns = targets.map(
    ({ from }, i) => `${typeof from === 'number' ? `y${from}` : computed[from.kind](from.horizon)} AS ${outputName(i)}`,
  );
  return `WITH moves AS (
  SELECT *, c / lag(c) OVER s - 1 AS move FROM bars WINDOW s AS (PARTITION BY symbol ORDER BY sn)
), paths AS (
  SELECT ${['*', ...paths].join(', ')},
    CASE WHEN count(move) OVER v = ${volatilityBars} THEN stddev_samp(move) OVER v END AS volatility
  FROM moves WINDOW s AS (PARTITION BY symbol ORDER BY sn),
    v AS (PARTITION BY symbol ORDER BY sn ROWS BETWEEN ${volatilityBars - 1} PRECEDING AND CURRENT ROW)
)
SELECT symbol, sn, ${columns.join(', ')} FROM paths${meetings.length > 0 ? ` WINDOW ${meetings.join(', ')}` : ''}`;
}

/** The i-th target's column in `targetQuery`. */
export const outputName = (i: number): string => `target${i}`;

const computed: Record<TargetKind, (k: number) => string> = {
  ret: (k) => `r${k}`,
  excess: (k) => `r${k} - CASE WHEN count(r${k}) OVER m${k} >= 2 THEN avg(r${k}) OVER m${k} END`,
  volret: (k) => `r${k} / nullif(volatility * sqrt(${k}), 0)`,
  dir: (k) => `CAST(r${k} > 0 AS DOUBLE)`,
};
