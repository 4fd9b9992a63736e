import { choose, type FoldSettings } from '../runs/config.ts';
import { fitsOf } from './planValidation.ts';

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
const perCent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

/** What a combinatorial validation is not: said wherever one is asked for or shown. */
export const cpcvWarning =
  'Combinatorial splits also train on what came after a tested block: they estimate how much of a backtest is luck and overfitting, and do not simulate what trading would have brought.';

/** What is fitted and judged, in a sentence or two; e.g. below the settings of a run. */
export function validationSentences(settings: FoldSettings): string[] {
  const { validation, count, scheme, groups, testGroups, embargoBars, holdoutFraction } = settings;
  const embargo = `the label's bars and ${plural(embargoBars, 'bar')} of embargo apart`;
  const splits = choose(groups, testGroups);
  const folds =
    validation === 'cpcv'
      ? `${plural(groups, 'group')}, ${testGroups} tested at a time: ${plural(splits, 'split')} that make ${plural((splits * testGroups) / groups, 'backtest path')} of the whole calendar, training and test ${embargo} on both sides.`
      : `${plural(count, 'test block')} one after the other, each after ${scheme === 'sliding' ? 'a training window of one length' : 'everything before it'}, ${embargo}.`;
  return [
    folds,
    ...(holdoutFraction > 0
      ? [
          `The last ${perCent(holdoutFraction)} of the bars are held out: nothing before sees them, and one more model, of all that precedes, is judged on them.`,
        ]
      : []),
    `Each training fits ${plural(fitsOf(settings), 'model')}.`,
    ...(validation === 'cpcv' ? [cpcvWarning] : []),
  ];
}

/** The lines printed before training, of what is not the usual. */
export function validationLines(settings: FoldSettings, holdout: { from: number; to: number } | null): string[] {
  const { validation, groups, testGroups, holdoutFraction } = settings;
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  const splits = choose(groups, testGroups);
  return [
    ...(validation === 'cpcv'
      ? [
          `🧩 Combinatorial purged cross-validation: ${groups} groups, ${testGroups} tested at a time: ${splits} splits, ${plural((splits * testGroups) / groups, 'backtest path')}`,
          `⚠️ ${cpcvWarning}`,
        ]
      : []),
    ...(holdout
      ? [
          `🔒 Holdout: the last ${perCent(holdoutFraction)} of the bars, ${day(holdout.from)} – ${day(holdout.to)}; no fold sees them`,
        ]
      : []),
  ];
}
