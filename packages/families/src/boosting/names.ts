/**
 * Feature names as both libraries' model formats can hold them (no JSON punctuation, brackets, `<` or white space), still
 * distinct. Python's loaders show these names.
 */
export function plainNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replaceAll(/[\s,:"[\]{}<>\\=]/g, '_') || '_';
    let candidate = plain;
    for (let copy = 2; taken.has(candidate); copy++) candidate = `${plain}_${copy}`;
    taken.add(candidate);
    return candidate;
  });
}

/** Features with their share of the total (0 … 1), largest first; equal ones in the features' order. */
export function shares(names: readonly string[], values: ArrayLike<number>): { feature: string; value: number }[] {
  const total = Array.from(values).reduce((sum, value) => sum + value, 0);
  return names
    .map((feature, index) => ({ feature, value: total > 0 ? values[index]! / total : 0 }))
    .sort((a, b) => b.value - a.value);
}
