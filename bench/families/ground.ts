import type { FoldRows } from '@twostage/core/evaluation/blockRows';
import { foldRows, planFolds } from '@twostage/core/evaluation/folds';
import type { Panel } from '@twostage/core/panel/panel';
import { windowMask } from '@twostage/core/panel/windows';
import { type ScenarioName, scenarios } from '@twostage/data/simulate/scenarios/catalogue';
import type { Truth } from '@twostage/data/simulate/scenarios/scenario';
import type { TargetColumn } from '@twostage/families/trainer';

export interface GroundSettings {
  readonly scenario: ScenarioName;
  readonly symbols: number;
  readonly bars: number;
  readonly seed: number;
  /** Whether every target of the scenario is learnt and judged, or its first alone. */
  readonly everyTarget: boolean;
}

/** A scenario, split in time as a run of one fold splits it. */
export interface Ground {
  readonly scenario: ScenarioName;
  readonly panel: Panel;
  readonly targets: readonly [TargetColumn, ...TargetColumn[]];
  readonly rows: FoldRows;
  readonly lookback: number;
  readonly seed: number;
  /** Of the test rows. */
  readonly oracle: () => Truth;
}

const folds = { count: 1, scheme: 'expanding', embargoBars: 5, validationFraction: 0.15 } as const;

/** Every contestant sees the same rows: those whose targets are all known and that have a full window behind them. */
export function openGround({ scenario, everyTarget, ...settings }: GroundSettings): Ground {
  const { make, lookback } = scenarios[scenario];
  const { panel, targets: made, oracle } = make(settings);
  const targets = (everyTarget ? made : made.slice(0, 1)) as unknown as Ground['targets'];
  const labelBars = Math.max(...targets.map((target) => target.labelBars));
  const [fold] = planFolds({ bars: settings.bars, settings: folds, labelBars, lookback });
  const known = Float64Array.from({ length: panel.rows }, (_, row) =>
    targets.every(({ values }) => Number.isFinite(values[row]!)) ? 1 : Number.NaN,
  );
  const rows = foldRows(panel, known, fold!, windowMask(panel, lookback, 0));
  return { scenario, panel, targets, rows, lookback, seed: settings.seed, oracle: () => oracle(rows.test) };
}
