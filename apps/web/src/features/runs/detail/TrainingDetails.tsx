'use client';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { Callout } from '../../../ui/Feedback.tsx';
import { bytes, count, day, decimal, duration, significant } from '../../../ui/format.ts';
import type { LeaderboardRow } from '@twostage/figures/run/leaderboardRows';
import type { HoldoutResult } from '@twostage/core/runs/training';
import { type MetricId, metricLooks, shownMetrics } from '@twostage/figures/run/metricLooks';
import { TargetTable } from '@twostage/figures/run/TargetTable.tsx';
import { endReason } from '@twostage/figures/run/trainingFigures';

/** A training opened: fold by fold, what it leaned on, what it left on disk. */
export function TrainingDetails({ row }: { row: LeaderboardRow }) {
  const result = row.outcome?.kind === 'completed' ? row.outcome.result : null;
  const reason = result ? null : endReason(row.outcome);
  return (
    <div className="space-y-4">
      {reason && <Callout tone="bad">{reason}</Callout>}
      {result && result.notes.length > 0 && (
        <Callout>
          <ul aria-label="What was noted">
            {result.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Callout>
      )}
      {result && <p className="text-muted text-xs">Ran on {result.device}</p>}
      {result?.byTarget && <TargetTable byTarget={result.byTarget} />}
      {row.folds.length > 0 ? (
        <FoldTable row={row} holdout={result?.holdout} />
      ) : (
        !reason && <p className="text-muted">No fold has ended yet.</p>
      )}
      <div className="grid gap-4 lg:grid-cols-2">
        {result?.importances && result.importances.length > 0 && <Importances importances={result.importances} />}
        {result && result.artifacts.length > 0 && <Artifacts row={row} artifacts={result.artifacts} />}
      </div>
    </div>
  );
}

const heading = 'mb-1.5 font-medium text-xs';

const left: readonly MetricId[] = ['icir', 'icT', 'mae'];

/** A row a fold; the holdout stands last. */
function FoldTable({ row, holdout }: { row: LeaderboardRow; holdout: HoldoutResult | undefined }) {
  const held = row.metrics?.holdout;
  const folds = [
    ...row.folds.map((fold) => ({ ...fold, name: String(fold.fold + 1) })),
    ...(holdout && held ? [{ ...holdout, metrics: held, name: 'Holdout' }] : []),
  ];
  const metrics = shownMetrics(folds.map((fold) => fold.metrics)).filter((id) => !left.includes(id));
  const head = [
    'Fold',
    'Test block',
    'Train rows',
    'Test rows',
    ...metrics.map((id) => metricLooks[id].label),
    'Best step',
    'Val. loss',
    'Time',
  ];
  return (
    <div>
      <h3 className={heading}>Folds</h3>
      <div className="scroll-thin overflow-x-auto rounded border border-line bg-surface">
        <table className="w-full text-xs">
          <thead className="border-line border-b text-faint">
            <tr>
              {head.map((label, index) => (
                <th key={label} scope="col" className={`px-2.5 py-1.5 ${index < 2 ? 'text-left' : 'text-right'}`}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {folds.map((fold) => (
              <tr key={fold.name}>
                <td className="px-2.5 py-1">{fold.name}</td>
                <td className="whitespace-nowrap px-2.5">
                  {day(fold.testStart)} – {day(fold.testEnd)}
                </td>
                <td className="num px-2.5">{count(fold.trainRows)}</td>
                <td className="num px-2.5">{count(fold.testRows)}</td>
                {metrics.map((id) => (
                  <td key={id} className="num px-2.5">
                    {metricLooks[id].text(metricLooks[id].of(fold.metrics))}
                  </td>
                ))}
                <td className="num px-2.5">{fold.bestStep ?? '–'}</td>
                <td className="num px-2.5">{significant(fold.bestValidationLoss)}</td>
                <td className="num px-2.5">{duration(fold.seconds * 1000)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Importances({ importances }: { importances: readonly { feature: string; value: number }[] }) {
  const [all, setAll] = useState(false);
  const total = importances.reduce((sum, { value }) => sum + Math.abs(value), 0) || 1;
  const most = Math.max(...importances.map(({ value }) => Math.abs(value))) || 1;
  const shown = all ? importances : importances.slice(0, 12);
  return (
    <div className="min-w-0">
      <h3 className={heading}>Importances, share of the whole</h3>
      <ol className="space-y-1 rounded border border-line bg-surface p-2.5 text-xs">
        {shown.map(({ feature, value }) => (
          <li key={feature} className="grid grid-cols-[minmax(0,10rem)_minmax(0,1fr)_3rem] items-center gap-2">
            <span className="truncate font-mono" title={feature}>
              {feature}
            </span>
            <span aria-hidden className="h-2 rounded-sm bg-sunken">
              <span
                className="block h-full rounded-sm bg-accent"
                style={{ width: `${(Math.abs(value) / most) * 100}%` }}
              />
            </span>
            <span className="num">{decimal((Math.abs(value) / total) * 100, 1)} %</span>
          </li>
        ))}
      </ol>
      {importances.length > 12 && (
        <Button size="sm" variant="ghost" className="mt-1" onClick={() => setAll(!all)}>
          {all ? 'Show the first 12' : `Show all ${importances.length}`}
        </Button>
      )}
    </div>
  );
}

function Artifacts({
  row,
  artifacts,
}: {
  row: LeaderboardRow;
  artifacts: readonly { path: string; bytes: number; sha256: string }[];
}) {
  return (
    <div className="min-w-0">
      <h3 className={heading}>Artifacts, in the run’s folder under trainings/{row.id}</h3>
      <ul className="scroll-thin max-h-72 divide-y divide-line overflow-auto rounded border border-line bg-surface text-xs">
        {artifacts.map((artifact) => (
          <li key={artifact.path} className="flex items-center gap-3 px-2.5 py-1">
            <span className="min-w-0 flex-1 truncate font-mono" title={artifact.path}>
              {artifact.path}
            </span>
            <span className="num text-muted">{bytes(artifact.bytes)}</span>
            <span className="w-16 truncate font-mono text-faint" title={`SHA-256 ${artifact.sha256}`}>
              {artifact.sha256.slice(0, 8)}
            </span>
            <CopyButton text={artifact.sha256} label={`Copy the SHA-256 of ${artifact.path}`} size="sm" />
          </li>
        ))}
      </ul>
    </div>
  );
}
