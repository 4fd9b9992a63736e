import { historyBars } from './catalogue.ts';

/** The inputs of a bar; NaN where missing. `close` is never missing. `vwap` is the files' own, where they have one. */
export const inputNames = ['open', 'high', 'low', 'close', 'volume', 'vwap'] as const;
export type InputName = (typeof inputNames)[number];

/** A series with holes: 0 and mask 0 where it has no value, so that sums run over it without a branch. */
export interface MaskedSeries {
  readonly values: Float64Array;
  /** 1 = has a value */
  readonly mask: Float64Array;
}

/**
 * One symbol's bars, a block at a time: row r of the block lies at index `historyBars + r`, the bars before it in front of it.
 * What later rows need of a block is kept when the next one comes, so any cut into blocks gives the same bits.
 */
export class BarHistory {
  /** Bars of the symbol that lie in front of the block, at most `historyBars`. */
  age = 0;
  readonly inputs: Readonly<Record<InputName, Float64Array>>;
  /** close / close before */
  readonly ratio: MaskedSeries;
  /** Rise and fall of the close against the bar before, each ≥ 0. */
  readonly gain: Float64Array;
  readonly loss: Float64Array;
  readonly volume: MaskedSeries;
  /** ln(volume + 1), with the mask of volume */
  readonly logVolume: MaskedSeries;
  /** ln(volume / volume before + 1); none after a bar without volume, where Qlib's infinity is dropped by pandas' windows. */
  readonly logVolumeRatio: MaskedSeries;
  /** Rise and fall of the volume, with one mask. */
  readonly volumeGain: MaskedSeries;
  readonly volumeLoss: MaskedSeries;
  /** |close / close before − 1| · volume */
  readonly weightedMove: MaskedSeries;
  private readonly all: readonly Float64Array[];

  /** @param blockRows most rows of a block */
  constructor(blockRows: number) {
    const made: Float64Array[] = [];
    const series = () => {
      const values = new Float64Array(historyBars + blockRows);
      made.push(values);
      return values;
    };
    const masked = (mask: Float64Array = series()): MaskedSeries => ({ values: series(), mask });
    this.inputs = Object.fromEntries(inputNames.map((name) => [name, series()])) as Record<InputName, Float64Array>;
    this.ratio = masked();
    [this.gain, this.loss] = [series(), series()];
    this.volume = masked();
    this.logVolume = masked(this.volume.mask);
    this.logVolumeRatio = masked();
    this.volumeGain = masked();
    this.volumeLoss = masked(this.volumeGain.mask);
    this.weightedMove = masked();
    this.all = made;
  }

  /** Another symbol begins. */
  begin(): void {
    this.age = 0;
  }

  /** Takes in the block's rows, whose inputs have been set. */
  derive(rows: number): void {
    const { close, volume } = this.inputs;
    for (let i = historyBars; i < historyBars + rows; i++) {
      const v = volume[i]!;
      put(this.volume, i, v);
      this.logVolume.values[i] = Number.isNaN(v) ? 0 : Math.log(v + 1);
      if (this.age + i === historyBars) {
        this.first(i);
        continue;
      }
      const move = close[i]! - close[i - 1]!;
      const ratio = close[i]! / close[i - 1]!;
      put(this.ratio, i, ratio);
      this.gain[i] = move > 0 ? move : 0;
      this.loss[i] = move < 0 ? -move : 0;
      put(this.weightedMove, i, Math.abs(ratio - 1) * v);
      const before = volume[i - 1]!;
      put(this.logVolumeRatio, i, before > 0 ? Math.log(v / before + 1) : Number.NaN);
      const change = v - before;
      put(this.volumeGain, i, Math.max(change, 0));
      this.volumeLoss.values[i] = change < 0 ? -change : 0;
    }
  }

  /** Makes room for the next block behind what the windows still reach. */
  advance(rows: number): void {
    for (const values of this.all) values.copyWithin(0, rows, rows + historyBars);
    this.age = Math.min(historyBars, this.age + rows);
  }

  /** A symbol's first bar has no change. */
  private first(i: number): void {
    for (const series of [this.ratio, this.weightedMove, this.logVolumeRatio, this.volumeGain])
      put(series, i, Number.NaN);
    this.gain[i] = this.loss[i] = this.volumeLoss.values[i] = 0;
  }
}

function put({ values, mask }: MaskedSeries, i: number, value: number): void {
  const missing = Number.isNaN(value);
  values[i] = missing ? 0 : value;
  mask[i] = missing ? 0 : 1;
}

/** The last of `count` rows up to i that has a value; i where none has. */
export function lastKnown(mask: Float64Array, i: number, count: number): number {
  for (let k = 0; k < count; k++) if (mask[i - k] === 1) return i - k;
  return i;
}
