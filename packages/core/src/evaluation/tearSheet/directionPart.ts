import { evaluateDirection } from '../direction/evaluateDirection.ts';
import { noFigure, type Part, type TearSheetInput } from './part.ts';

/** How well rises are told from falls. */
export function directionPart({ panel, target, rows, scores, labelBars }: TearSheetInput): Part {
  const input = { panel, target, rows, predictions: scores, labelBars };
  const found = evaluateDirection({ ...input, kind: 'scores' });
  const { value, standardError } = found.auc;
  if (value === null) return noFigure('No figure of the direction: the outcomes hold no rise, or no fall.');
  return {
    figures: [
      {
        kind: 'table',
        title: 'Rises told from falls',
        help: 'Area under the ROC curve: how often a row that rose was scored above one that fell; 0.5 is a coin.',
        columns: ['Figure', 'Value', '± error', 'Rows'],
        rows: [['AUC', value, standardError, found.rows]],
      },
    ],
    notes: [],
  };
}
