import { DomainError } from '@twostage/core/errors';

const bestNamed = 40;
const longestSymbol = 100;

/** Names for a message: all of them, or the first ones and how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, bestNamed).join(', ');
  return names.length > bestNamed ? `${shown} and ${names.length - bestNamed} more` : shown || 'none';
}

/** By code unit, so that the order is the same in every locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * A symbol names files and parts of addresses, so it may be nothing that leads elsewhere.
 * @param where for messages: the file, and the column where the symbol is a cell's
 * @throws DomainError BAD_FILE
 */
export function checkSymbol(symbol: string, where: string): void {
  const wrong =
    symbol === '' || symbol === '__HIVE_DEFAULT_PARTITION__'
      ? 'a symbol is expected, got nothing'
      : // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        /[/\\\u0000-\u001f\u007f]/.test(symbol) || /^\.+$/.test(symbol)
        ? `a symbol without slashes and control characters is expected (BTC-USD, not BTC/USD), got ${JSON.stringify(symbol)}`
        : symbol.length > longestSymbol
          ? `a symbol of at most ${longestSymbol} characters is expected, got ${symbol.length}`
          : null;
  if (wrong) throw new DomainError('BAD_FILE', `${where}: ${wrong}`);
}

/**
 * @param named symbols and where each is from
 * @throws DomainError BAD_FILE where two differ by case only
 */
export function checkSpellings(named: Iterable<{ readonly symbol: string; readonly name: string }>): void {
  const byLower = new Map<string, { readonly symbol: string; readonly name: string }>();
  for (const each of named) {
    const first = byLower.get(each.symbol.toLowerCase());
    if (!first) byLower.set(each.symbol.toLowerCase(), each);
    else if (first.symbol !== each.symbol) {
      throw new DomainError(
        'BAD_FILE',
        `${first.symbol} (${first.name}) and ${each.symbol} (${each.name}) are two spellings of one symbol; keep one`,
      );
    }
  }
}
