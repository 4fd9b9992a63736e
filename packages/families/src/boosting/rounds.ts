import type { FitInput } from '../trainer.ts';

export interface Round {
  /** Loss on the training and the validation rows after this round; null where there is no such block. */
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  /** No further round would change the model. */
  readonly exhausted: boolean;
}

export interface BoostResult {
  /** Rounds to keep: the first with the least validation loss, or every one where there is no validation block. */
  readonly bestRound: number;
  readonly bestValidationLoss: number | null;
}

/**
 * Boosts round by round with early stopping, reporting each.
 * @param patience rounds without a better validation loss before it stops; 0 never stops early
 * @param boost grows one round (0-based) and scores it
 * @throws DomainError CANCELLED out of `report`
 */
export async function boostRounds(
  { train, report }: Pick<FitInput, 'train' | 'report'>,
  { rounds, patience }: { rounds: number; patience: number },
  boost: (round: number) => Round,
): Promise<BoostResult> {
  let bestRound = 0;
  let bestValidationLoss: number | null = null;
  for (let step = 1; step <= rounds; step++) {
    const { trainLoss, validationLoss, exhausted } = boost(step - 1);
    if (validationLoss === null) bestRound = step;
    else if (bestValidationLoss === null || validationLoss < bestValidationLoss) {
      bestRound = step;
      bestValidationLoss = validationLoss;
    }
    await report({
      step,
      totalSteps: rounds,
      trainLoss,
      validationLoss,
      bestStep: bestRound,
      bestValidationLoss,
      rows: train.length,
    });
    if (exhausted || (patience > 0 && step - bestRound >= patience)) break;
  }
  return { bestRound, bestValidationLoss };
}
