import type { Selection } from '@twostage/core/runs/selection';
import type { RunView } from '@twostage/core/runs/view';
import pc from 'picocolors';
import { scopeName } from '../orchestrator/leaderboard.ts';

/** After the leaderboard: what its best training is worth, a line a target, and what the words mean. Empty where nothing could be traded. */
export function selectionLines(view: RunView): string[] {
  const { selections } = view;
  if (selections.length === 0) return [];
  const costs = new Set(
    [...view.trainings.values()].flatMap(({ outcome }) =>
      outcome?.kind === 'completed' ? (outcome.result.metrics.portfolio?.costBasisPoints ?? []) : [],
    ),
  );
  const lines = selections.map((selection) => lineOf(selection, view));
  if (selections.every(({ ranking: [best] }) => best?.netSharpe == null)) return [...lines, ''];
  return [
    ...lines,
    pc.dim(
      `Net Sharpe: annualised, of holding the highest forecasts against the lowest (positions: as they are), after costs of ${[...costs].join(', ')} basis points of what is traded.`,
    ),
    pc.dim(
      'Deflated: probability that the best one is above what the luckiest of so many trials without skill would show.',
    ),
    ...(selections.some(({ overfitting }) => overfitting)
      ? [
          pc.dim(
            'Backtest overfitting: how often the best in one half of the time was no better than the median in the other.',
          ),
        ]
      : []),
    '',
  ];
}

function lineOf({ target, trials, ranking, overfitting, notes }: Selection, view: RunView): string {
  const [best] = ranking;
  if (!best || best.netSharpe === null) return `${target}: ${notes.join('; ')}`;
  const parts = [
    `${target}: best net Sharpe ${best.netSharpe.toFixed(2)} (${nameOf(best.training, view)})`,
    ...(best.deflated === null
      ? []
      : [`deflated ${best.deflated.toFixed(2)} over ${trials} ${trials === 1 ? 'trial' : 'trials'}`]),
  ];
  const chance = overfitting ? `probability of backtest overfitting ${overfitting.probability.toFixed(2)}` : null;
  return [parts.join(', '), chance ?? notes[0]].filter((part) => part !== undefined).join('; ');
}

function nameOf(id: string, view: RunView): string {
  const training = view.trainings.get(id);
  if (!training) return id;
  const scope = scopeName(training);
  return scope === 'all' ? training.spec.family : `${training.spec.family} ${scope}`;
}
