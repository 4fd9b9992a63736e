import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { type Figure, figureSchema } from '../../runs/figures.ts';
import { directionMetrics } from '../direction/directionMetrics.ts';
import { evaluateDirection } from '../direction/evaluateDirection.ts';
import { probabilityOfRise } from '../direction/probabilityOfRise.ts';
import { panelOf, rowsInTime } from '../testing/panelOf.ts';
import { directionPart } from './directionPart.ts';
import type { TearSheetInput } from './part.ts';

const [bars, symbols] = [120, 4];
const random = new Random(5);
const panel = panelOf(Array.from({ length: bars }, () => new Array<number>(symbols).fill(1)));
const rows = rowsInTime(panel);
const returns = Float64Array.from({ length: panel.rows }, () => 0.01 * random.normal());
const scores = Float64Array.from(rows, (row) => 0.3 * returns[row]! + 0.005 * random.normal());
const common = { panel, rows, scores, labelBars: 2, trainMean: 0.5, quantiles: 4, trade: null, kind: 'forecasts' };
const ofReturns = { ...common, targetName: 'fwd_ret_1d', target: returns } as TearSheetInput;
const draw = (input: TearSheetInput) => {
  const { figures, notes } = directionPart(input);
  return { figures: figures.map((figure) => figureSchema.parse(figure)), notes };
};
const rowsOf = ([table]: readonly Figure[]) => (table?.kind === 'table' ? table.rows : []);

describe('what a tear sheet says of directions', () => {
  it('of scores is their area alone', () => {
    const { figures } = draw(ofReturns);
    const { auc } = evaluateDirection({ ...ofReturns, predictions: scores, kind: 'scores' });
    expect(rowsOf(figures)).toEqual([['AUC', auc.value, auc.standardError, 0.5]]);
    expect(figures).toHaveLength(1);
  });

  it('of forecasts that say how sure they are is the probability of a rise that they imply, too', () => {
    const uncertainty = { kind: 'normal', deviations: scores.map(() => 0.01) } as const;
    const { figures } = draw({ ...ofReturns, uncertainty });
    const predictions = probabilityOfRise(scores, uncertainty);
    const implied = evaluateDirection({ ...ofReturns, predictions, kind: 'probabilities', bins: 20 }).probabilities!;
    expect(rowsOf(figures)[1]!.slice(0, 3)).toEqual(['Log loss', implied.logLoss.value, implied.logLoss.standardError]);
    expect(figures[1]).toMatchObject({ kind: 'reliability', baseRate: implied.baseRate });
    const positions = draw({ ...ofReturns, uncertainty, kind: 'positions' });
    expect(positions.figures).toHaveLength(1);
  });

  it('of directions stands beside what the base rate would have had', () => {
    const target = returns.map((value) => (value > 0 ? 1 : 0));
    const probabilities = scores.map((score) => 1 / (1 + Math.exp(-200 * score)));
    const input = { ...ofReturns, targetName: 'fwd_dir_1d', target, probabilities };
    const { figures } = draw(input);
    const found = directionMetrics({ ...input, probabilities });
    expect(rowsOf(figures)).toEqual([
      ['AUC', found.auc, found.aucError, 0.5],
      ['Log loss', found.logLoss, found.logLossError, found.baseLogLoss],
      ['Brier score', found.brier, found.brierError, found.baseBrier],
      ['Accuracy', found.accuracy, found.accuracyError, found.baseAccuracy],
      ['Calibration error', found.calibrationError, null, null],
      ['Share that rose', found.baseRate, null, null],
    ]);
    expect(figures[1]).toMatchObject({ kind: 'reliability', bins: found.calibration });
  });

  it('is why there is none, where nothing falls', () => {
    const target = returns.map(() => 1);
    expect(draw({ ...ofReturns, target, probabilities: scores.map(() => 0.5) })).toEqual({
      figures: [],
      notes: ['No figure of the direction: the outcomes hold no rise, or no fall.'],
    });
  });
});
