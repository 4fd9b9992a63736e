import { LightgbmBooster } from '@twostage/engines/lightgbm/booster';
import type { LightgbmParameters } from '@twostage/engines/lightgbm/parameters';
import { type BoostResult, boostRounds } from '../boosting/rounds.ts';
import type { FitInput } from '../trainer.ts';
import { openBlocks } from './blocks.ts';

export interface GrownTrees extends BoostResult {
  /** LightGBM's text model, cut to the best round. */
  readonly text: string;
}

/**
 * Grows trees round by round, with early stopping where there are validation rows, reporting each round; native memory is free when
 * it ends.
 * @throws DomainError CANCELLED out of `report`; ENGINE_MISSING, ENGINE_FAILED
 */
export async function growTrees(
  input: Pick<FitInput, 'panel' | 'target' | 'train' | 'validation' | 'report'>,
  parameters: LightgbmParameters,
  limits: { readonly rounds: number; readonly patience: number },
): Promise<GrownTrees> {
  const { train, validation, close } = openBlocks(input, parameters);
  let booster: LightgbmBooster | undefined;
  try {
    const growing = LightgbmBooster.create(train, validation ? [validation] : [], parameters);
    booster = growing;
    const result = await boostRounds(input, limits, () => {
      const grew = growing.update();
      return {
        trainLoss: growing.evaluate(0),
        validationLoss: validation ? growing.evaluate(1) : null,
        exhausted: !grew,
      };
    });
    return { ...result, text: growing.toText(result.bestRound) };
  } finally {
    // The booster points into the blocks: it goes first.
    booster?.close();
    close();
  }
}
