/**
 * The `limit` names nearest to `wanted`, nearest first: by Levenshtein distance, letters' case ignored; equals keep their order.
 */
export function closest(wanted: string, names: readonly string[], limit: number): string[] {
  const target = wanted.toLowerCase();
  return names
    .map((name, index) => ({ name, index, distance: levenshtein(target, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, limit)
    .map(({ name }) => name);
}

function levenshtein(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
