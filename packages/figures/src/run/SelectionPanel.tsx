import type { Selection } from '@twostage/core/runs/selection';
import type { RunView } from '@twostage/core/runs/view';
import { decimal, percent, plural, signed } from '../format.ts';
import { Panel } from '../Panel.tsx';
import { trainingTitle } from './trainingFigures.ts';

const shownTrials = 8;

/** What choosing the best training of a target is worth: the whole run's trials, not one training's. */
export function SelectionPanel({ selection, view }: { selection: Selection | undefined; view: RunView }) {
  if (!selection) {
    return (
      <Panel title="Was the best one chosen by luck?">
        <p className="text-muted text-sm">
          Said when the run has ended: it takes all trainings of this target that could be traded.
        </p>
      </Panel>
    );
  }
  const { target, trials, bars, effectiveTrials, expectedMaximum, ranking, overfitting, notes } = selection;
  const nameOf = (id: string) => {
    const training = view.trainings.get(id);
    return training ? trainingTitle({ ...training.spec, target, targets: undefined }) : id;
  };
  return (
    <Panel title="Was the best one chosen by luck?" aside={<span className="font-mono text-xs">{target}</span>}>
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
        <div className="max-w-xl space-y-2 text-sm">
          <p>
            {plural(trials, 'training')} of this target {trials === 1 ? 'was' : 'were'} traded on {plural(bars, 'bar')}{' '}
            that all of them have
            {effectiveTrials !== null && trials > 1 && (
              <>
                ; they resemble each other, and are worth <b>{decimal(effectiveTrials, 1)}</b> independent ones
              </>
            )}
            .
          </p>
          {expectedMaximum !== null && trials > 1 && (
            <p>
              Without any skill the luckiest of them would be expected to show a net Sharpe ratio of{' '}
              <b>{decimal(expectedMaximum, 2)}</b>; the deflated ratio is the probability of being truly above that.
            </p>
          )}
          {overfitting && (
            <p>
              Probability of backtest overfitting <b>{percent(overfitting.probability, 0)}</b>: the share of splits of
              the bars into halves in which the best of one half was no better than the median in the other. It lost
              money there in {percent(overfitting.probabilityOfLoss, 0)}.
            </p>
          )}
          {notes.length > 0 && (
            <ul aria-label="What could not be said" className="text-muted">
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          )}
        </div>
        <table className="w-full self-start text-xs">
          <caption className="sr-only">Trainings by net Sharpe ratio</caption>
          <thead className="border-line border-b text-faint">
            <tr>
              <th scope="col" className="py-1.5 pr-2.5 text-left">
                Training
              </th>
              <th scope="col" className="px-2.5 py-1.5 text-right">
                Net Sharpe
              </th>
              <th scope="col" className="py-1.5 pl-2.5 text-right">
                Deflated
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {ranking.slice(0, shownTrials).map(({ training, netSharpe, deflated }) => (
              <tr key={training}>
                <th scope="row" className="break-words py-1 pr-2.5 text-left font-normal">
                  {nameOf(training)}
                </th>
                <td className="num px-2.5">{signed(netSharpe, 2)}</td>
                <td className="num pl-2.5">{decimal(deflated, 2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {trials > shownTrials && (
        <p className="mt-2 text-faint text-xs">
          The best {shownTrials} of {trials}; run.json lists more.
        </p>
      )}
    </Panel>
  );
}
