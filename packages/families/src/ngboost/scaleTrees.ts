import { DomainError } from '@twostage/core/errors';

/**
 * LightGBM's text model with every tree multiplied: the values of its leaves and inner nodes, and what it says of its shrinkage. The
 * index of byte lengths at its head, which the library does without, is left out.
 * @param factors one a tree
 * @throws DomainError SHAPE_MISMATCH
 */
export function scaleTrees(text: string, factors: readonly number[]): string {
  const [head, ...trees] = text.split(/^(?=Tree=)/m) as [string, ...string[]];
  if (trees.length !== factors.length)
    throw new DomainError(
      'SHAPE_MISMATCH',
      `expected a factor for each of ${trees.length} trees, got ${factors.length}`,
    );
  const scaled = trees.map((tree, i) =>
    tree.replace(/^(leaf_value|internal_value|shrinkage)=(.*)$/gm, (_, name: string, values: string) => {
      const numbers = values.split(' ').map((value) => String(Number(value) * factors[i]!));
      return `${name}=${numbers.join(' ')}`;
    }),
  );
  return [head.replace(/^tree_sizes=.*\n/m, ''), ...scaled].join('');
}
