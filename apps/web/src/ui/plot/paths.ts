/** SVG path through points; a gap where either is not finite. Pixels. */
export function linePath(xs: readonly number[], ys: readonly number[]): string {
  let path = '';
  let pen = false;
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = [xs[i]!, ys[i]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      pen = false;
      continue;
    }
    path += `${pen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    pen = true;
  }
  return path;
}

/** Closed path between two lines, one piece for each run of points where both are finite. Pixels. */
export function bandPath(xs: readonly number[], lows: readonly number[], highs: readonly number[]): string {
  let path = '';
  let from = 0;
  const whole = (i: number) => Number.isFinite(xs[i]) && Number.isFinite(lows[i]) && Number.isFinite(highs[i]);
  while (from < xs.length) {
    if (!whole(from)) {
      from++;
      continue;
    }
    let to = from;
    while (to + 1 < xs.length && whole(to + 1)) to++;
    const there = range(from, to).map((i) => `${xs[i]!.toFixed(1)} ${highs[i]!.toFixed(1)}`);
    const back = range(from, to)
      .reverse()
      .map((i) => `${xs[i]!.toFixed(1)} ${lows[i]!.toFixed(1)}`);
    path += `M${[...there, ...back].join('L')}Z`;
    from = to + 1;
  }
  return path;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Stretches of equal neighbours: which value holds from which index to which, both inside. */
export function stretches<T>(values: readonly T[]): { value: T; from: number; to: number }[] {
  const found: { value: T; from: number; to: number }[] = [];
  values.forEach((value, index) => {
    const last = found.at(-1);
    if (last && last.value === value) last.to = index;
    else found.push({ value, from: index, to: index });
  });
  return found;
}
