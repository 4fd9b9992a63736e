import { spearman } from '@twostage/core/evaluation/correlation';
import type { TargetEvidence } from '@twostage/core/plans/evidence';
import type { OpenedDataset } from '@twostage/data/openDataset';

/** More rows make nothing clearer. */
const mostRows = 20_000;

/** Rank correlations of each target with every other, over rows (every so many) on which both are known. */
export function targetCorrelations({
  manifest,
  panel,
  target,
}: OpenedDataset): (name: string) => TargetEvidence['correlations'] {
  const step = Math.max(1, Math.ceil(panel.rows / mostRows));
  const names = manifest.targets.map(({ name }) => name);
  const samples = names.map((name) => target(name).filter((_, row) => row % step === 0));
  return (name) =>
    names.flatMap((other, i) => {
      if (other === name) return [];
      const [mine, theirs] = [samples[names.indexOf(name)]!, samples[i]!];
      const both = (values: Float64Array) =>
        values.filter((_, k) => Number.isFinite(mine[k]!) && Number.isFinite(theirs[k]!));
      const correlation = spearman(both(mine), both(theirs));
      return Number.isNaN(correlation) ? [] : [{ target: other, correlation }];
    });
}
