/** All choices of `chosen` out of 0 … n − 1, each ascending, in lexicographic order. */
export function combinations(n: number, chosen: number): Uint32Array[] {
  const all: Uint32Array[] = [];
  const current = Uint32Array.from({ length: chosen }, (_, i) => i);
  for (;;) {
    all.push(current.slice());
    let at = chosen - 1;
    while (at >= 0 && current[at] === n - chosen + at) at--;
    if (at < 0) return all;
    current[at]!++;
    for (let i = at + 1; i < chosen; i++) current[i] = current[i - 1]! + 1;
  }
}
