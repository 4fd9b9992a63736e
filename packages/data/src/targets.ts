import { DomainError } from '@twostage/core/errors';
import { targetNamePattern } from '@twostage/core/runs/config';
import { listed } from './sourceFiles.ts';

/** A target of the dataset and how its values come about. */
export interface TargetPlan {
  readonly name: string;
  /** Bars ahead of the row's own that its label looks. */
  readonly labelBars: number;
  /** DOUBLE per row of `bars`, with the window `s` of one symbol's bars in time order. */
  readonly sql: string;
  readonly note: string | null;
}

/**
 * A target is a column of the files, or the forward return `fwd_ret_{k}d` / `fwd_ret_{k}b`:
 * close[t+1+k] / close[t+1] − 1 on the symbol's own bars, so that a signal at the close of t can be traded at the next.
 * `d` counts days and so needs daily bars; `b` counts bars of any interval.
 * @param interval of the data, e.g. `1d`
 * @throws DomainError UNKNOWN_TARGET listing what there is
 */
export function planTargets(names: readonly string[], fileTargets: readonly string[], interval: string): TargetPlan[] {
  return names.map((name, i) => {
    const column = fileTargets.findIndex((each) => each.toLowerCase() === name.toLowerCase());
    if (column >= 0) return columnTarget(name, column);
    const refuse = (reason: string): never => {
      throw new DomainError('UNKNOWN_TARGET', `target "${name}": ${reason}`, { field: `targets.${i}` });
    };
    const match = targetNamePattern.exec(name);
    if (!match) {
      return refuse(
        `neither a column of the files (${fileTargets.length > 0 ? `they have ${listed(fileTargets)}` : 'they have no target columns'}) nor a forward return fwd_ret_{k}d or fwd_ret_{k}b with k from 1 to 9999`,
      );
    }
    // With fewer than two bars there is no interval; that there are too few is said later.
    if (match[2] === 'd' && interval !== '1d' && interval !== 'unknown') {
      return refuse(`counts days, but the bars are ${interval}; use fwd_ret_${match[1]}b to count bars`);
    }
    const k = Number(match[1]);
    return {
      name,
      labelBars: 1 + k,
      sql: `lead(c, ${1 + k}) OVER s / lead(c, 1) OVER s - 1`,
      note: null,
    };
  });
}

/** A column's horizon can only be read from its name; what is not said there cannot be purged. */
function columnTarget(name: string, column: number): TargetPlan {
  const horizon = /_(\d{1,4})[db]$/i.exec(name)?.[1];
  return {
    name,
    labelBars: horizon === undefined ? 1 : 1 + Number(horizon),
    sql: `y${column}`,
    note:
      horizon === undefined
        ? `the horizon of the target "${name}" is not known: its labels are taken to look 1 bar ahead; a name that ends in _{k}d or _{k}b says k`
        : null,
  };
}
