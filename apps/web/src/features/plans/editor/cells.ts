import type { PlanJob } from '@twostage/core/plans/masterPlan';

/** A place of the matrix: a target on all symbols together (`symbol` null), or on one. */
export interface Cell {
  readonly target: string;
  readonly symbol: string | null;
}

export const cellKey = ({ target, symbol }: Cell): string => JSON.stringify([target, symbol]);

export const cellOfKey = (key: string): Cell => {
  const [target, symbol] = JSON.parse(key) as [string, string | null];
  return { target, symbol };
};

export const cellOfJob = ({ target, symbol }: Pick<PlanJob, 'target' | 'symbol'>): Cell => ({ target, symbol });

/** Rows and columns of a plan, and what stands where they cross. */
export interface Matrix {
  readonly targets: readonly string[];
  /** null, all symbols together, first; then by name. */
  readonly symbols: readonly (string | null)[];
  /** By `cellKey`; several jobs may be about one cell. */
  readonly jobs: ReadonlyMap<string, readonly PlanJob[]>;
}

/** @param also rows and columns that have no job, such as those a person just added */
export function matrixOf(
  jobs: readonly PlanJob[],
  also: { readonly targets?: readonly string[]; readonly symbols?: readonly string[] } = {},
): Matrix {
  const targets = [...new Set([...jobs.map(({ target }) => target), ...(also.targets ?? [])])];
  const symbols = [...new Set([...jobs.flatMap(({ symbol }) => symbol ?? []), ...(also.symbols ?? [])])].sort();
  const byCell = new Map<string, PlanJob[]>();
  for (const job of jobs) {
    const key = cellKey(cellOfJob(job));
    const same = byCell.get(key);
    if (same) same.push(job);
    else byCell.set(key, [job]);
  }
  return { targets, symbols: [null, ...symbols], jobs: byCell };
}

/** Every cell of the rectangle between two, both included. */
export function rectangle({ targets, symbols }: Matrix, from: Cell, to: Cell): Cell[] {
  const between = <Value>(all: readonly Value[], a: Value, b: Value) => {
    const [first, last] = [all.indexOf(a), all.indexOf(b)].sort((x, y) => x - y) as [number, number];
    return first < 0 ? [] : all.slice(first, last + 1);
  };
  return between(targets, from.target, to.target).flatMap((target) =>
    between(symbols, from.symbol, to.symbol).map((symbol) => ({ target, symbol })),
  );
}

/** The neighbour of a cell, or the cell itself at an edge. */
export function neighbour({ targets, symbols }: Matrix, { target, symbol }: Cell, key: string): Cell {
  const clamp = (at: number, length: number) => Math.max(0, Math.min(length - 1, at));
  const row = targets.indexOf(target);
  const column = symbols.indexOf(symbol);
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
  if (step)
    return {
      target: targets[clamp(row + step[0]!, targets.length)]!,
      symbol: symbols[clamp(column + step[1]!, symbols.length)]!,
    };
  if (key === 'Home') return { target, symbol: symbols[0]! };
  if (key === 'End') return { target, symbol: symbols.at(-1)! };
  return { target, symbol };
}
