/** How many hues there are before they repeat with a dash. */
export const hues = 8;

/** The CSS colour of the n-th series. */
export const seriesColor = (index: number): string => `var(--series-${(index % hues) + 1})`;

/** Dashes tell series apart that share a hue. */
export const seriesDash = (index: number): number[] | undefined => {
  const round = Math.floor(index / hues);
  return round === 0 ? undefined : round === 1 ? [6, 3] : [2, 3];
};
