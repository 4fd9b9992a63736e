import type { QualityReport } from '@twostage/core/runs/events';

type SymbolQuality = QualityReport['bySymbol'][number];
export type DefectKey = Exclude<
  { [Key in keyof SymbolQuality]: SymbolQuality[Key] extends number ? Key : never }[keyof SymbolQuality],
  'rows'
>;

const words: Record<DefectKey, { label: string; title: string }> = {
  gaps: { label: 'Gaps', title: 'Stretches of the common calendar without a bar' },
  missingBars: { label: 'Missing bars', title: 'Bars of the common calendar that are not there' },
  duplicateBars: { label: 'Duplicates', title: 'Bars given more than once: the last is kept' },
  missingCells: { label: 'Missing cells', title: 'Empty prices or volumes' },
  nonPositivePrices: { label: 'Prices ≤ 0', title: 'Prices that are zero or less' },
  highBelowLow: { label: 'High < low', title: 'Bars whose high is below their low' },
  staleRuns: { label: 'Stale runs', title: 'Stretches in which the close does not move' },
  outlierReturns: { label: 'Outliers', title: 'Returns far beyond the usual of the symbol' },
};

/** The kinds of defect that are counted by symbol, in the order in which they are shown. */
export const defects = (Object.keys(words) as DefectKey[]).map((key) => ({ key, ...words[key] }));

export const findingNames: Record<QualityReport['findings'][number]['kind'], string> = {
  gap: 'Gap',
  duplicateBar: 'Duplicate bar',
  missingCell: 'Missing cell',
  nonPositivePrice: 'Price ≤ 0',
  highBelowLow: 'High < low',
  staleRun: 'Stale run',
  outlierReturn: 'Outlier return',
};

/** Sums over all symbols. */
export function totalDefects({ bySymbol }: Pick<QualityReport, 'bySymbol'>): Record<DefectKey, number> {
  return Object.fromEntries(
    defects.map(({ key }) => [key, bySymbol.reduce((sum, symbol) => sum + symbol[key], 0)]),
  ) as Record<DefectKey, number>;
}
