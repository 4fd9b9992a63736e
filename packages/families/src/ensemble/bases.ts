import type { RowIndices } from '@twostage/core/panel/panel';
import type { LightgbmModel } from '../lightgbm/model.ts';
import { predictRidge, type Ridge } from '../linear/ridge.ts';
import type { PredictInput } from '../trainer.ts';

export const baseNames = ['boosting', 'forest', 'ridge'] as const;
export type BaseName = (typeof baseNames)[number];
export const titles: Record<BaseName, string> = { boosting: 'Boosting', forest: 'Random forest', ridge: 'Ridge' };

export interface Bases {
  readonly boosting: LightgbmModel;
  readonly forest: LightgbmModel;
  readonly ridge: Ridge;
}
/** [rows] each, in the target's unit. */
export type BasePredictions = Readonly<Record<BaseName, Float64Array>>;

/** What each base says of some rows. */
export async function predictBases({ boosting, forest, ridge }: Bases, asked: PredictInput): Promise<BasePredictions> {
  const trees = async (model: LightgbmModel) => (await model.predict(asked)).values;
  return {
    boosting: await trees(boosting),
    forest: await trees(forest),
    ridge: predictRidge(ridge, asked.panel, asked.rows),
  };
}

export async function closeBases({ boosting, forest }: Bases): Promise<void> {
  await boosting.close();
  await forest.close();
}

/** Sums of products of the bases' predictions and of those with the target, all less the mean. */
export class StackingSums {
  readonly gram = new Float64Array(baseNames.length ** 2);
  readonly products = new Float64Array(baseNames.length);
  targetSquares = 0;
  rows = 0;

  /** @param mean what is taken from predictions and targets */
  add(predictions: BasePredictions, target: Float64Array, rows: RowIndices, mean: number): void {
    const columns = baseNames.map((name) => predictions[name]);
    rows.forEach((row, i) => {
      const y = target[row]! - mean;
      this.targetSquares += y * y;
      for (let j = 0; j < columns.length; j++) {
        const own = columns[j]![i]! - mean;
        this.products[j]! += own * y;
        for (let k = 0; k < columns.length; k++) this.gram[j * columns.length + k]! += own * (columns[k]![i]! - mean);
      }
    });
    this.rows += rows.length;
  }

  /** Mean squared error of the sum so weighted; null without rows. */
  loss(weights: ArrayLike<number>): number | null {
    if (this.rows === 0) return null;
    let squares = this.targetSquares;
    for (let j = 0; j < this.products.length; j++) {
      squares -= 2 * weights[j]! * this.products[j]!;
      for (let k = 0; k < this.products.length; k++)
        squares += weights[j]! * weights[k]! * this.gram[j * this.products.length + k]!;
    }
    return Math.max(0, squares) / this.rows;
  }
}
