import { describe, expect, it } from 'vitest';
import { largestDifference } from '../../test/simulatedPanel.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { nonNegativeLeastSquares } from './nnls.ts';

/** Aᵀ A and Aᵀ b. */
function sumsOf({ a, b }: { a: number[][]; b: number[] }) {
  const size = a[0]!.length;
  const gram = new Float64Array(size * size);
  const products = new Float64Array(size);
  a.forEach((row, i) => {
    for (let j = 0; j < size; j++) {
      products[j]! += row[j]! * b[i]!;
      for (let k = 0; k < size; k++) gram[j * size + k]! += row[j]! * row[k]!;
    }
  });
  return { gram, products };
}

describe('non-negative least squares', () => {
  it.each(golden)("is scipy's: $kind, $a.0.length columns", (problem) => {
    const { gram, products } = sumsOf(problem);
    const x = nonNegativeLeastSquares(gram, products);
    expect(largestDifference(x, problem.x)).toBeLessThan(1e-9);
    const squares = problem.a.reduce(
      (sum, row, i) => sum + (row.reduce((value, cell, j) => value + cell * x[j]!, 0) - problem.b[i]!) ** 2,
      0,
    );
    expect(Math.sqrt(squares)).toBeCloseTo(problem.norm, 9);
  });

  it('gives a doubled column once, a column of zeros nothing, and ends', () => {
    const a = Array.from({ length: 9 }, (_, i) => [Math.sin(i), Math.sin(i), 0, Math.cos(i)]);
    const b = a.map(([x, , , y]) => 2 * x! + 3 * y!);
    const { gram, products } = sumsOf({ a, b });
    const x = nonNegativeLeastSquares(gram, products);
    expect(x[0]! + x[1]!).toBeCloseTo(2, 9);
    expect([x[2], x[3]!]).toEqual([0, expect.closeTo(3, 9)]);
    expect(nonNegativeLeastSquares(new Float64Array(4), new Float64Array(2))).toEqual(new Float64Array(2));
  });
});
