import type { FigureInput } from '../../runs/figures.ts';
import { directionMetrics, shownBins } from '../direction/directionMetrics.ts';
import { evaluateDirection } from '../direction/evaluateDirection.ts';
import { probabilityOfRise } from '../direction/probabilityOfRise.ts';
import { noFigure, type Part, type TearSheetInput } from './part.ts';

type Row = [figure: string, value: number | null, error: number | null, base: number | null];
type Reliability = Extract<FigureInput, { kind: 'reliability' }>;

const missing = 'No figure of the direction: the outcomes hold no rise, or no fall.';

/** How well rises are told from falls. */
export function directionPart(input: TearSheetInput): Part {
  return input.probabilities ? ofDirections(input, input.probabilities) : ofReturns(input);
}

function ofDirections(
  { panel, target, rows, scores, blocks, labelBars, trainMean }: TearSheetInput,
  probabilities: Float64Array,
): Part {
  const found = directionMetrics({ panel, target, rows, scores, probabilities, trainMean, labelBars, blocks });
  if (found.auc === null) return noFigure(missing);
  return {
    figures: [
      tableOf(
        'AUC: how often a row that rose was scored above one that did not, by the same model. Beside the other figures stands what always saying the training rows’ share of rises would have had: below it (log loss, Brier score) or above it (accuracy) something was learnt.',
        [
          ['AUC', found.auc, found.aucError, 0.5],
          ['Log loss', found.logLoss, found.logLossError, found.baseLogLoss],
          ['Brier score', found.brier, found.brierError, found.baseBrier],
          ['Accuracy', found.accuracy, found.accuracyError, found.baseAccuracy],
          ['Calibration error', found.calibrationError, null, null],
          ['Share that rose', found.baseRate, null, null],
        ],
      ),
      reliabilityOf(found.calibration, found.baseRate),
    ],
    notes: [],
  };
}

/** Of returns the score's order; of forecasts that say how sure they are, the probability of a rise that they imply too. */
function ofReturns({ panel, target, rows, scores, kind, uncertainty, labelBars }: TearSheetInput): Part {
  const input = { panel, target, rows, labelBars };
  const { auc } = evaluateDirection({ ...input, predictions: scores, kind: 'scores' });
  if (auc.value === null) return noFigure(missing);
  const area: Row = ['AUC', auc.value, auc.standardError, 0.5];
  const title = 'Area under the ROC curve: how often a row that rose was scored above one that fell; 0.5 is a coin.';
  if (!uncertainty || kind === 'positions') return { figures: [tableOf(title, [area])], notes: [] };
  const implied = evaluateDirection({
    ...input,
    predictions: probabilityOfRise(scores, uncertainty),
    kind: 'probabilities',
    bins: shownBins,
  }).probabilities!;
  const { logLoss, brier, baseRate, calibration, calibrationError } = implied;
  const even = baseRate === null ? null : baseRate * (1 - baseRate);
  return {
    figures: [
      tableOf(`${title} The rest is of the probability of a rise that the forecast distribution implies.`, [
        area,
        ['Log loss', logLoss.value, logLoss.standardError, entropy(baseRate)],
        ['Brier score', brier.value, brier.standardError, even],
        ['Calibration error', calibrationError, null, null],
        ['Share that rose', baseRate, null, null],
      ]),
      reliabilityOf(
        calibration.map(({ rows: count, forecast, observed, standardError }) => ({
          ...{ rows: count, forecast, observed },
          error: standardError,
        })),
        baseRate,
      ),
    ],
    notes: [],
  };
}

const entropy = (share: number | null): number | null =>
  share === null || share === 0 || share === 1 ? null : -share * Math.log(share) - (1 - share) * Math.log(1 - share);

const tableOf = (help: string, rows: Row[]): FigureInput => ({
  kind: 'table',
  title: 'Rises told from falls',
  help,
  columns: ['Figure', 'Value', '± error', 'Always the base rate'],
  rows,
});

const reliabilityOf = (bins: Reliability['bins'], baseRate: number | null): Reliability => ({
  kind: 'reliability',
  title: 'Probability of a rise, and how often it came',
  help: 'Test rows by the probability they were given: on the diagonal a rise that was called 60 % came in 60 % of the cases. Whiskers are 95 % intervals.',
  bins: [...bins],
  baseRate,
});
