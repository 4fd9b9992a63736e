import { DomainError } from '@twostage/core/errors';
import { directionMetrics } from '@twostage/core/evaluation/direction/directionMetrics';
import { evaluate } from '@twostage/core/evaluation/evaluate';
import { evaluatePolicy } from '@twostage/core/evaluation/policy';
import { scoreUncertainty } from '@twostage/core/evaluation/scoreUncertainty';
import type { Uncertainty } from '@twostage/core/evaluation/uncertainty';
import type { FamilyDefinition } from '@twostage/core/families/family';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import type { FamilyParameters } from '@twostage/core/runs/config';
import type { DirectionMetrics } from '@twostage/core/runs/direction';
import type { Metrics, TrainingResult } from '@twostage/core/runs/training';
import type { Prediction, TargetColumn } from '@twostage/families/trainer';

/** What a model said of the rows of one test block, or of all of them pooled. */
export interface Forecast {
  readonly rows: RowIndices;
  /** [targets][rows]; the first is the training's own. */
  readonly byTarget: readonly Float64Array[];
  /** Of the first target. */
  readonly uncertainty?: Uncertainty;
  /** [targets], mean over the training rows; one a row where folds are pooled. */
  readonly trainMeans: readonly (number | Float64Array)[];
  /** [targets][rows], of a rise; null of a target that is no direction. */
  readonly probabilities: readonly (Float64Array | null)[];
  /** [rows], which model forecast each; one where absent. */
  readonly blocks?: Uint32Array;
}

export interface JudgeInput {
  readonly panel: Panel;
  readonly family: FamilyDefinition;
  readonly parameters: FamilyParameters;
  /** In the order of `Forecast.byTarget`. */
  readonly targets: readonly TargetColumn[];
}

/** @throws DomainError SHAPE_MISMATCH where a model did not give what its family's definition promises */
export function forecastOf(
  { values, byTarget, uncertainty }: Prediction,
  rows: RowIndices,
  { family, targets }: JudgeInput,
  beside: Pick<Forecast, 'trainMeans' | 'probabilities'>,
): Forecast {
  const columns = byTarget ?? [values];
  if (columns.length !== targets.length || columns.some((column) => column.length !== rows.length))
    throw new DomainError(
      'SHAPE_MISMATCH',
      `${family.id}: expected forecasts of ${targets.length} targets on ${rows.length} rows, got ${columns.map((column) => column.length).join(' and ')}`,
    );
  const uncertain = family.output === 'quantiles' || family.output === 'distribution';
  if (uncertain && !uncertainty)
    throw new DomainError('SHAPE_MISMATCH', `${family.id}: expected ${family.output} beside its forecasts, got none`);
  return { rows, byTarget: columns, ...beside, ...(uncertainty && { uncertainty }) };
}

/**
 * Figures of a forecast: of the first target with all that its family is judged by, and of every target where there are several.
 * Of positions, errors of a forecast mean nothing: they are null, and the book that they keep is judged.
 */
export function judge(input: JudgeInput, forecast: Forecast): Pick<TrainingResult, 'metrics' | 'byTarget'> {
  const { panel, family, targets } = input;
  const { rows, byTarget, trainMeans } = forecast;
  const points = targets.map(({ values: target, labelBars }, i): Metrics => {
    const [trainMean, probabilities] = [trainMeans[i]!, forecast.probabilities[i]!];
    const found = evaluate({ panel, target, rows, predictions: byTarget[i]!, trainMean, labelBars });
    if (!probabilities) return found;
    const scores = byTarget[i]!;
    const { blocks } = forecast;
    return withDirection(
      found,
      directionMetrics({ panel, target, rows, scores, probabilities, trainMean, labelBars, blocks }),
    );
  });
  const metrics: Metrics = {
    ...points[0]!,
    ...(family.output === 'position' && withoutErrors(points[0]!)),
    ...(family.output === 'position' && { policy: policyOf(input, forecast) }),
    ...(forecast.uncertainty && { distribution: distributionOf(input, forecast, forecast.uncertainty) }),
  };
  if (targets.length === 1) return { metrics };
  return {
    metrics,
    byTarget: targets.map(({ name }, i) => ({ target: name, metrics: i === 0 ? metrics : points[i]! })),
  };
}

/** The sign of a direction, 0 or 1, is no hit: right is who told it. */
function withDirection({ standardErrors, ...metrics }: Metrics, direction: DirectionMetrics): Metrics {
  return {
    ...metrics,
    hitRate: direction.accuracy,
    ...(standardErrors && { standardErrors: { ...standardErrors, hitRate: direction.accuracyError } }),
    direction,
  };
}

export function withoutErrors({ standardErrors }: Metrics): Partial<Metrics> {
  const none = { mse: null, mae: null, r2: null };
  return { ...none, ...(standardErrors && { standardErrors: { ...standardErrors, ...none } }) };
}

function distributionOf({ targets }: JudgeInput, { rows, byTarget }: Forecast, uncertainty: Uncertainty) {
  const outcomes = targets[0]!.values;
  const target = Float64Array.from(rows, (row) => outcomes[row]!);
  return scoreUncertainty({ target, values: byTarget[0]!, uncertainty });
}

function policyOf({ panel, family, parameters, targets }: JudgeInput, { rows, byTarget }: Forecast) {
  const { costBasisPoints } = parameters;
  if (typeof costBasisPoints !== 'number')
    throw new DomainError(
      'INVALID_INPUT',
      `${family.id}: positions are judged by its parameter costBasisPoints; it has none`,
    );
  const { values: target, labelBars } = targets[0]!;
  return evaluatePolicy({ panel, target, rows, positions: byTarget[0]!, labelBars, costBasisPoints });
}
