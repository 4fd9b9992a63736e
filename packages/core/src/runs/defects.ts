import type { QualityReport } from './events.ts';

type SymbolQuality = QualityReport['bySymbol'][number];
export type DefectKey = Exclude<
  { [Key in keyof SymbolQuality]: SymbolQuality[Key] extends number ? Key : never }[keyof SymbolQuality],
  'rows'
>;

interface DefectWords {
  /** At the head of a column. */
  readonly label: string;
  readonly title: string;
  /** After a number. */
  readonly one: string;
  readonly many: string;
}

const words: Record<DefectKey, DefectWords> = {
  gaps: { label: 'Gaps', title: 'Stretches of the common calendar without a bar', one: 'gap', many: 'gaps' },
  missingBars: {
    label: 'Missing bars',
    title: 'Bars of the common calendar that are not there',
    one: 'missing bar',
    many: 'missing bars',
  },
  duplicateBars: {
    label: 'Duplicates',
    title: 'Bars given more than once: the last is kept',
    one: 'duplicate bar',
    many: 'duplicate bars',
  },
  missingCells: {
    label: 'Missing cells',
    title: 'Empty prices or volumes',
    one: 'missing cell',
    many: 'missing cells',
  },
  nonPositivePrices: {
    label: 'Prices ≤ 0',
    title: 'Prices that are zero or less',
    one: 'price ≤ 0',
    many: 'prices ≤ 0',
  },
  highBelowLow: {
    label: 'High < low',
    title: 'Bars whose high is below their low',
    one: 'high < low',
    many: 'highs < low',
  },
  staleRuns: {
    label: 'Stale runs',
    title: 'Stretches in which the close does not move',
    one: 'stale run',
    many: 'stale runs',
  },
  outlierReturns: {
    label: 'Outliers',
    title: 'Returns far beyond the usual of the symbol',
    one: 'outlier return',
    many: 'outlier returns',
  },
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

/** Everything that is odd about one symbol, counted. */
export const defectsOf = (symbol: SymbolQuality): number => defects.reduce((sum, { key }) => sum + symbol[key], 0);

/** `AAPL.csv:12`, and in Parquet, which has no lines, `AAPL.parquet, row 11`: where a finding begins. */
export function placeOfFinding({ file, line, row }: QualityReport['findings'][number]): string {
  if (line !== null) return `${file}:${line}`;
  return row === undefined ? file : `${file}, row ${row}`;
}
