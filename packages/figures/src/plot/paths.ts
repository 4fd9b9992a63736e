/** SVG path through points; a gap where either is not finite. Pixels. */
export function linePath(xs: readonly number[], ys: readonly number[]): string {
  let path = '';
  let piece: Point[] = [];
  for (let i = 0; i <= xs.length; i++) {
    const [x, y] = [xs[i], ys[i]];
    if (Number.isFinite(x) && Number.isFinite(y)) piece.push([x!, y!]);
    else {
      path += pieceOf(piece);
      piece = [];
    }
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
    const there = range(from, to).map((i): Point => [xs[i]!, highs[i]!]);
    const back = range(from, to)
      .reverse()
      .map((i): Point => [xs[i]!, lows[i]!]);
    path += `${pieceOf([...there, ...back])}z`;
    from = to + 1;
  }
  return path;
}

type Point = readonly [x: number, y: number];

/** A move to the first point and steps from each to the next, in whole tenths of a pixel: half as long as places would be. */
function pieceOf(points: readonly Point[]): string {
  let [lastX, lastY] = [0, 0];
  return points
    .map(([x, y], i) => {
      const [toX, toY] = [Math.round(x * 10), Math.round(y * 10)];
      const step = `${pixels(toX - lastX)}${toY < lastY ? '' : ' '}${pixels(toY - lastY)}`;
      const command = i === 0 ? 'M' : i === 1 ? 'l' : toX < lastX ? '' : ' ';
      [lastX, lastY] = [toX, toY];
      return command + step;
    })
    .join('');
}

const pixels = (tenths: number): string => String(tenths / 10).replace(/^(-?)0\./, '$1.');

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
