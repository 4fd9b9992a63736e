import { DomainError } from '@twostage/core/errors';
import { leastBars } from '@twostage/core/evaluation/planValidation';
import { resolveParameters } from '@twostage/core/families/parameters';
import { familyIdSchema } from '@twostage/core/families/family';
import type { RunConfig } from '@twostage/core/runs/config';
import { labelBarsOf, parseTargetName } from '@twostage/core/runs/targets';
import { chooseFamilies } from '@twostage/core/stages/planStages';
import { chooseSuitable } from '@twostage/core/stages/suitability';
import { catalogue, families } from '@twostage/families/catalogue';
import { closest } from './closest.ts';

/** What is known of the dataset before a runner reads it again. */
export interface KnownDataset {
  readonly name: string;
  /** Of the calendar that all its symbols share. */
  readonly bars: number;
  readonly symbols: readonly string[];
  readonly rowsBySymbol: ReadonlyMap<string, number>;
  /** Target columns of the files; fwd_* are computed. */
  readonly targetColumns: readonly string[];
}

/**
 * What can be told before a runner takes the run up: symbols, targets, families, their parameters, and the bars.
 * The first fault found is thrown, with the input it concerns.
 * @throws DomainError UNKNOWN_SYMBOL, UNKNOWN_TARGET, INVALID_INPUT, TOO_FEW_BARS
 */
export function checkRunConfig(config: RunConfig, dataset: KnownDataset): void {
  checkSymbols(config, dataset);
  checkTargets(config, dataset);
  checkFamilies(config, dataset);
  checkBars(config, dataset);
}

const shownNames = 8;

type Named = Pick<KnownDataset, 'name' | 'symbols' | 'targetColumns'>;

/** @param under the input that holds the names */
export function checkSymbols({ symbols }: Pick<RunConfig, 'symbols'>, dataset: Named, under = 'config'): void {
  const known = new Set(dataset.symbols);
  symbols.forEach((symbol, index) => {
    const field = `${under}.symbols.${index}`;
    if (symbols.indexOf(symbol) !== index) {
      throw new DomainError('INVALID_INPUT', `the symbol ${symbol} is named twice`, { field });
    }
    if (known.has(symbol)) return;
    const nearest = closest(symbol, [...known], shownNames);
    const more = known.size - nearest.length;
    throw new DomainError(
      'UNKNOWN_SYMBOL',
      `${dataset.name} has no symbol "${symbol}"; it has ${nearest.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      { field },
    );
  });
}

export function checkTargets({ targets }: Pick<RunConfig, 'targets'>, dataset: Named, under = 'config'): void {
  targets.forEach((target, index) => {
    const field = `${under}.targets.${index}`;
    if (targets.indexOf(target) !== index) {
      throw new DomainError('INVALID_INPUT', `the target ${target} is named twice`, { field });
    }
    if (parseTargetName(target) || dataset.targetColumns.includes(target)) return;
    const columns = closest(target, dataset.targetColumns, shownNames);
    throw new DomainError(
      'UNKNOWN_TARGET',
      `${dataset.name} has no target "${target}"; it has fwd_ret_{k}d and fwd_ret_{k}b (or fwd_excess_, fwd_volret_, fwd_dir_)${columns.length > 0 ? `, and the columns ${columns.join(', ')}` : ''}`,
      { field },
    );
  });
}

function checkFamilies(config: RunConfig, dataset: KnownDataset): void {
  const chosen = chooseFamilies(families, config.modelTypes, config.families);
  if (chosen.length === 0) {
    throw new DomainError(
      'INVALID_INPUT',
      `the mode ${config.modelTypes} trains families of stage 1 and of TensorFlow only; ${config.families.join(', ')} ${config.families.length === 1 ? 'is' : 'are'} not`,
      { field: 'config.families' },
    );
  }
  const symbols = config.symbols.length === 0 ? dataset.symbols.length : config.symbols.length;
  placed(() =>
    chooseSuitable(chosen, config.families, { scope: config.scope, symbols, targets: config.targets.length }),
  );
  for (const [name, given] of Object.entries(config.parameters)) {
    const family = familyIdSchema.parse(name);
    placed(() => resolveParameters(catalogue[family], given));
  }
}

/** What core says of a field of the configuration, said of the form's. */
function placed(check: () => unknown): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, error.message, { field: `config.${error.field}`, cause: error });
  }
}

/** Only what is certain: the runner counts again on the bars it read. */
function checkBars(config: RunConfig, dataset: KnownDataset): void {
  const chosen = config.symbols.length === 0 ? dataset.symbols : config.symbols;
  const rows = chosen.reduce((sum, symbol) => sum + (dataset.rowsBySymbol.get(symbol) ?? 0), 0);
  const bars = Math.min(dataset.bars, rows);
  // Every family of a run is judged on the same folds, so the lookback counts whether or not one of them reads windows.
  const { lookback } = config;
  const labelBars = Math.max(...config.targets.map((target) => leastLabelBars(target, config.targetLagBars)));
  const { folds } = config;
  const needed = leastBars(folds, labelBars, lookback);
  if (bars >= needed) return;
  throw new DomainError(
    'TOO_FEW_BARS',
    `${foldsNeed(folds)} at least ${needed} bars (lookback ${lookback}, label ${labelBars} bars ahead, embargo ${folds.embargoBars}); ${dataset.name} has ${bars}`,
    { field: folds.validation === 'cpcv' ? 'config.folds.groups' : 'config.folds.count' },
  );
}

function foldsNeed({ validation, count, groups, testGroups, holdoutFraction }: RunConfig['folds']): string {
  const holdout = holdoutFraction > 0 ? ` and a holdout of ${holdoutFraction} of the bars` : '';
  if (validation === 'cpcv') return `testing ${testGroups} of ${groups} groups${holdout} needs`;
  const several = count > 1 || holdoutFraction > 0;
  return `${count} ${count === 1 ? 'fold' : 'folds'}${holdout} ${several ? 'need' : 'needs'}`;
}

/** Bars a label looks ahead, at least: a day holds at least one bar, and of a column's horizon nothing is known here. */
function leastLabelBars(target: string, lagBars: number): number {
  const computed = parseTargetName(target);
  return computed ? labelBarsOf(computed, lagBars) : 0;
}
