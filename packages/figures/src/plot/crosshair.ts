/** Where a key takes the crosshair; null takes it away, undefined: not a key of it. */
export function placeAfter(key: string, current: number | null, places: number): number | null | undefined {
  if (places === 0) return undefined;
  const last = places - 1;
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, (current ?? -1) + 1);
    case 'ArrowLeft':
      return Math.max(0, (current ?? places) - 1);
    case 'PageDown':
      return Math.min(last, (current ?? 0) + Math.max(1, Math.round(places / 10)));
    case 'PageUp':
      return Math.max(0, (current ?? last) - Math.max(1, Math.round(places / 10)));
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return current === null ? undefined : null;
    default:
      return undefined;
  }
}

/** Index whose distance is smallest. */
export function nearest(xs: readonly number[], distance: (value: number) => number): number {
  let best = 0;
  for (let i = 1; i < xs.length; i++) if (Math.abs(distance(xs[i]!)) < Math.abs(distance(xs[best]!))) best = i;
  return best;
}
