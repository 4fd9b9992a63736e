import type { Figure } from '@twostage/core/runs/figures';
import type { TrainingResult } from '@twostage/core/runs/training';

/** The family's figures, and after them its importances where it drew no bars itself. */
export function figuresOf({ figures = [], importances = [] }: TrainingResult): Figure[] {
  if (importances.length === 0 || figures.some(({ kind }) => kind === 'bars')) return figures;
  return [
    ...figures,
    {
      kind: 'bars',
      title: 'Importances',
      help: 'How much the forecasts rest on each feature, last fold.',
      items: importances.map(({ feature, value }) => ({ label: feature, value })),
    },
  ];
}
