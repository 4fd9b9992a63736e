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
 * Measured on machines of two cores without a GPU: 30 stocks of the Dow Jones and its index, 2006 to 2017, Alpha158, three expanding folds,
 * default settings; targets of 1, 5 and 20 days. Stage cpu packed, a thread each. Seconds are the geometric middle of a slow and a fast
 * processor, which lie up to a factor of 4 apart.
 */
export const measured: Readonly<Record<FamilyId, Figures>> = {
  LightGBM: on('library', 11, 355),
  QuantileLightGBM: on('library', 45, 342),
  XGBoost: on('library', 8, 452),
  RewardBased: on('library', 17, 307),
  NGBoost: on('library', 75, 323),
  GMMRegime: on('library', 78, 256),
  ChangePoint: on('library', 41, 309),
  FTRLProximal: on('library', 6, 224),
  Ensemble: on('library', 97, 325),
  MetaLearning: on('library', 25, 265),
  MLP: on('tensorflow', 9, 771),
  VAE: on('tensorflow', 29, 778),
  GAN: on('tensorflow', 48, 977),
  MultiTask: on('tensorflow', 15, 760, { targetsTogether: 3 }),
  CNN1D: on('onnx', 60, 560),
  LSTM: on('onnx', 33, 508),
  Transformer: on('onnx', 89, 582),
  TabCNN: on('onnx', 27, 465),
  TabLSTM: on('onnx', 57, 517),
  TabTransformer: on('onnx', 445, 750),
};
