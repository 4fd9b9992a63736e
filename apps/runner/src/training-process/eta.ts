/**
 * Milliseconds to the end, from the work done so far at the pace so far.
 * @param foldWeights work of each fold in any unit (training rows): with an expanding window later folds cost more
 * @param fold folds finished; `step` of `totalSteps` steps of the next one are done
 * @returns null before the first step. An upper bound where early stopping ends a fold sooner.
 */
export function estimateEtaMs(
  foldWeights: readonly number[],
  at: { fold: number; step: number; totalSteps: number; elapsedMs: number },
): number | null {
  const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0);
  const share = at.totalSteps > 0 ? Math.min(1, at.step / at.totalSteps) : 0;
  const done = sum(foldWeights.slice(0, at.fold)) + (foldWeights[at.fold] ?? 0) * share;
  const total = sum(foldWeights);
  return done > 0 ? Math.round((at.elapsedMs * (total - done)) / done) : null;
}
