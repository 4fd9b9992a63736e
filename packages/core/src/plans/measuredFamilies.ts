import type { FamilyId } from '../families/family.ts';

/** What a training of a family took. */
export interface Figures {
  readonly rows: number;
  readonly features: number;
  readonly folds: number;
  readonly targetsTogether: number;
  readonly seconds: number;
  readonly peakRssBytes: number;
  /** Of a process that has loaded the engine and next to no rows. */
  readonly baseBytes: number;
}

const mebi = 2 ** 20;
/** Resident memory of an engine before it has rows. */
const bases = { library: 140 * mebi, tensorflow: 650 * mebi, onnx: 260 * mebi } as const;

const on = (engine: keyof typeof bases, seconds: number, peakMebi: number, over: Partial<Figures> = {}): Figures => ({
  rows: 93_612,
  features: 158,
  folds: 3,
  targetsTogether: 1,
  seconds,
  peakRssBytes: peakMebi * mebi,
  baseBytes: bases[engine],
  ...over,
});

/**
 * Measured on a machine of two cores without a GPU: 30 stocks of the Dow Jones and its index, 2006 to 2017, Alpha158, three expanding folds,
 * default settings; medians over targets of 1, 5 and 20 days. Stage cpu packed, a thread each.
 */
export const measured: Readonly<Record<FamilyId, Figures>> = {
  LightGBM: on('library', 13, 355),
  QuantileLightGBM: on('library', 46, 342),
  XGBoost: on('library', 9, 452),
  RewardBased: on('library', 26, 307),
  NGBoost: on('library', 111, 323),
  GMMRegime: on('library', 94, 256),
  ChangePoint: on('library', 49, 309),
  FTRLProximal: on('library', 7, 224),
  Ensemble: on('library', 126, 325),
  MetaLearning: on('library', 27, 265),
  MLP: on('tensorflow', 10, 771),
  VAE: on('tensorflow', 34, 778),
  GAN: on('tensorflow', 60, 977),
  MultiTask: on('tensorflow', 18, 760, { targetsTogether: 3 }),
  CNN1D: on('onnx', 79, 560),
  LSTM: on('onnx', 46, 508),
  Transformer: on('onnx', 126, 582),
  TabCNN: on('onnx', 55, 465),
  TabLSTM: on('onnx', 105, 517),
  TabTransformer: on('onnx', 936, 1429),
};
