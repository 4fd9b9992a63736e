import { factorise, solveFactorised } from '../linear/solve.ts';

/** A gradient smaller than this, against the largest product, is none. */
const flat = 1e-12;

/**
 * Non-negative least squares: the x ≥ 0 that makes ‖A x − b‖ least, by the active set method of Lawson & Hanson (1974, ch. 23)
 * on the normal equations.
 * @param gram [n, n], Aᵀ A
 * @param products [n], Aᵀ b
 * @returns [n]; a column that the others already say weighs nothing
 */
export function nonNegativeLeastSquares(gram: Float64Array, products: Float64Array): Float64Array {
  const size = products.length;
  const tolerance = flat * products.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const passive = new Set<number>();
  const barred = new Set<number>();
  let x = new Float64Array(size);
  for (;;) {
    const entering = steepest(gram, products, x, tolerance, (j) => passive.has(j) || barred.has(j));
    if (entering < 0) return x;
    passive.add(entering);
    let solution = solveOn(gram, products, passive);
    // Rounding may call a column steep that can't be raised: it would come and go for ever.
    if (!(solution[entering]! > 0)) {
      passive.delete(entering);
      barred.add(entering);
      continue;
    }
    barred.clear();
    for (;;) {
      const step = largestStep(x, solution, passive);
      x = x.map((value, j) => value + step * (solution[j]! - value));
      if (step === 1) break;
      for (const j of passive) {
        if (x[j]! > 0 && !(solution[j]! <= 0 && x[j]! <= Number.EPSILON * solution.length)) continue;
        passive.delete(j);
        x[j] = 0;
      }
      solution = solveOn(gram, products, passive);
    }
  }
}

/** The column at 0 along which the error falls fastest; −1: none. */
function steepest(
  gram: Float64Array,
  products: Float64Array,
  x: Float64Array,
  tolerance: number,
  skip: (column: number) => boolean,
): number {
  let [best, most] = [-1, tolerance];
  for (let j = 0; j < x.length; j++) {
    if (skip(j)) continue;
    let gradient = products[j]!;
    for (let k = 0; k < x.length; k++) gradient -= gram[j * x.length + k]! * x[k]!;
    if (gradient > most) [best, most] = [j, gradient];
  }
  return best;
}

/** Least squares on some columns, 0 on the others. */
function solveOn(gram: Float64Array, products: Float64Array, columns: ReadonlySet<number>): Float64Array {
  const chosen = [...columns].sort((a, b) => a - b);
  const size = chosen.length;
  const part = new Float64Array(size * size);
  chosen.forEach((j, row) => {
    chosen.forEach((k, column) => {
      part[row * size + column] = gram[j * products.length + k]!;
    });
  });
  factorise(part, size);
  const solved = solveFactorised(
    part,
    Float64Array.from(chosen, (j) => products[j]!),
  );
  const solution = new Float64Array(products.length);
  chosen.forEach((j, i) => {
    solution[j] = solved[i]!;
  });
  return solution;
}

/** How far from x to the solution one may go, at most all the way, before a column would become negative. */
function largestStep(x: Float64Array, solution: Float64Array, passive: ReadonlySet<number>): number {
  let step = 1;
  for (const j of passive) if (solution[j]! <= 0) step = Math.min(step, x[j]! / (x[j]! - solution[j]!));
  return step;
}
