import type { PriceName } from '../../columns.ts';

/** Bars of the rolling features, ascending; a row's window ends at the row. */
export const windows = [5, 10, 20, 30, 60] as const;
/** A row's features look at it and at so many bars before it (ROC60 at the close of 60 bars ago). */
export const historyBars = 60;
/** Keeps the published quotients finite where their denominator is 0. */
export const epsilon = 1e-12;
/** At or below this standard deviation a series counts as standing still: Qlib's `numpy.isclose(std, 0, atol=2e-5)`. */
export const stillStd = 2e-5;

const barColumns = {
  KMID: ['open'],
  KLEN: ['open', 'high', 'low'],
  KMID2: ['open', 'high', 'low'],
  KUP: ['open', 'high'],
  KUP2: ['open', 'high', 'low'],
  KLOW: ['open', 'low'],
  KLOW2: ['open', 'high', 'low'],
  KSFT: ['open', 'high', 'low'],
  KSFT2: ['high', 'low'],
  OPEN0: ['open'],
  HIGH0: ['high'],
  LOW0: ['low'],
  VWAP0: ['high', 'low'],
} as const satisfies Record<string, readonly PriceName[]>;

const rollingKinds = {
  ROC: [],
  MA: [],
  STD: [],
  BETA: [],
  RSQR: [],
  RESI: [],
  MAX: ['high'],
  MIN: ['low'],
  QTLU: [],
  QTLD: [],
  RANK: [],
  RSV: ['high', 'low'],
  IMAX: ['high'],
  IMIN: ['low'],
  IMXD: ['high', 'low'],
  CORR: ['volume'],
  CORD: ['volume'],
  CNTP: [],
  CNTN: [],
  CNTD: [],
  SUMP: [],
  SUMN: [],
  SUMD: [],
  VMA: ['volume'],
  VSTD: ['volume'],
  WVMA: ['volume'],
  VSUMP: ['volume'],
  VSUMN: ['volume'],
  VSUMD: ['volume'],
} as const satisfies Record<string, readonly PriceName[]>;

type BarColumn = keyof typeof barColumns;
export type RollingKind = keyof typeof rollingKinds;

const barNames = Object.keys(barColumns) as BarColumn[];
const kinds = Object.keys(rollingKinds) as RollingKind[];

/** A column of the set, in Qlib's order: its name, and the price columns without which it has no value anywhere. */
export interface AlphaColumn {
  readonly name: string;
  readonly needs: readonly PriceName[];
}

/** The 158 columns, in the order in which Qlib lists them: bar shapes, prices, then kind by kind the five windows. */
export const alpha158Columns: readonly AlphaColumn[] = [
  ...barNames.map((name) => ({ name, needs: barColumns[name] })),
  ...kinds.flatMap((kind) => windows.map((d) => ({ name: `${kind}${d}`, needs: rollingKinds[kind] }))),
];

/** Where a column lies among the 158. */
export const barColumn = (name: BarColumn): number => barNames.indexOf(name);
/** Where the five columns of a kind begin: the window `windows[w]` is w further on. */
export const rollingColumn = (kind: RollingKind): number => barNames.length + windows.length * kinds.indexOf(kind);
