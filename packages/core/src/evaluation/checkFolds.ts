import { DomainError } from '../errors.ts';
import type { BarRange, FoldBlocks } from './blockRows.ts';

interface CheckedPlan {
  readonly folds: readonly (FoldBlocks & { readonly fold: number })[];
  readonly holdout: (FoldBlocks & { readonly fold: number }) | null;
}

/**
 * The last gate before anything is fitted: no plan may train or stop on a bar whose label, or the embargo after it, touches what is judged.
 * @throws DomainError LEAK naming the first fold whose blocks overlap, leave the calendar, or reach into the holdout
 */
export function checkFolds({ folds, holdout }: CheckedPlan, bars: number): void {
  const held = holdout?.test[0]?.start;
  for (const fold of folds) checkFold(fold, `fold ${fold.fold + 1}`, bars, held);
  if (holdout) checkFold(holdout, 'the holdout', bars);
}

type BlockName = 'train' | 'validation' | 'test';

function checkFold(fold: FoldBlocks, name: string, bars: number, held?: number): void {
  const { labelBars, embargoBars, train, validation, test } = fold;
  const gap = labelBars + embargoBars;
  const refuse = (what: string): never => {
    throw new DomainError(
      'LEAK',
      `${name} ${what}; expected blocks that lie apart by the label's ${labelBars} bars and the embargo of ${embargoBars}`,
    );
  };
  for (const block of ['train', 'validation', 'test'] as const)
    fold[block].forEach((range, i) => {
      if (!(range.start >= 0 && range.start < range.end && range.end <= bars))
        refuse(`has ${text(block, range)}, and the calendar has ${bars}`);
      const before = fold[block][i - 1];
      if (before && before.end > range.start) refuse(`has ${text(block, before)} that overlap ${text(block, range)}`);
      if (held !== undefined && range.end + gap > held)
        refuse(`has ${text(block, range)} that reach into the holdout, which begins at bar ${held}`);
    });
  const pairs: readonly [BlockName, readonly BarRange[], BlockName, readonly BarRange[]][] = [
    ['train', train, 'test', test],
    ['validation', validation, 'test', test],
    ['train', train, 'validation', validation],
  ];
  for (const [one, ranges, other, judged] of pairs)
    for (const range of ranges)
      for (const against of judged)
        if (range.end + gap > against.start && against.end + gap > range.start)
          refuse(`has ${text(one, range)} that overlap ${text(other, against)}`);
}

const text = (block: BlockName, { start, end }: BarRange): string =>
  `${{ train: 'training', validation: 'validation', test: 'test' }[block]} bars ${start} to ${end - 1}`;
