const digitBits = 11;
const buckets = 1 << digitBits;
/** Per word of 32 bits: 11 + 11 + 10. */
const digitsAWord = 3;

/** Numbers as unsigned integers that ascend as they do, and where each came from. */
interface Keys {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly index: Uint32Array;
}

/**
 * Indices of values in ascending order, ties in the order of their indices: a radix sort, whose time grows with the number of values
 * alone. Worth its tables from some thousand values on.
 * @param values finite numbers; −0 and 0 tie
 */
export function ascendingOrder(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  let keys = keysOf(values);
  let spare: Keys = { low: new Uint32Array(n), high: new Uint32Array(n), index: new Uint32Array(n) };
  for (const word of ['low', 'high'] as const) {
    for (let digit = 0; digit < digitsAWord; digit++) {
      if (sortByDigit(keys, spare, keys[word], digit * digitBits)) [keys, spare] = [spare, keys];
    }
  }
  return keys.index;
}

/** Copies `from` to `to` in the order of one digit, keeping the order of those that tie. @returns false where all tie: nothing is copied */
function sortByDigit(from: Keys, to: Keys, word: Uint32Array, shift: number): boolean {
  const n = word.length;
  const places = new Uint32Array(buckets);
  for (let i = 0; i < n; i++) places[(word[i]! >>> shift) & (buckets - 1)]!++;
  if (places.includes(n)) return false;
  let before = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const own = places[bucket]!;
    places[bucket] = before;
    before += own;
  }
  const { low, high, index } = from;
  const [toLow, toHigh, toIndex] = [to.low, to.high, to.index];
  for (let i = 0; i < n; i++) {
    const place = places[(word[i]! >>> shift) & (buckets - 1)]!++;
    toLow[place] = low[i]!;
    toHigh[place] = high[i]!;
    toIndex[place] = index[i]!;
  }
  return true;
}

function keysOf(values: ArrayLike<number>): Keys {
  const n = values.length;
  const keys = { low: new Uint32Array(n), high: new Uint32Array(n), index: new Uint32Array(n) };
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < n; i++) {
    // Adding 0 makes 0 of −0.
    view.setFloat64(0, values[i]! + 0);
    const top = view.getInt32(0);
    const rest = view.getInt32(4);
    keys.high[i] = top < 0 ? ~top : top ^ 0x80000000;
    keys.low[i] = top < 0 ? ~rest : rest;
    keys.index[i] = i;
  }
  return keys;
}
