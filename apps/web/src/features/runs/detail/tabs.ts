/** Tabs of the run page, in their order. `key` opens one. */
export const runTabs = [
  { id: 'overview', label: 'Overview', key: '1' },
  { id: 'jobs', label: 'Jobs', key: 'j' },
  { id: 'leaderboard', label: 'Leaderboard', key: '2' },
  { id: 'curves', label: 'Curves', key: '3' },
  { id: 'insights', label: 'Insights', key: '4' },
  { id: 'tear-sheet', label: 'Tear sheet', key: '5' },
  { id: 'timeline', label: 'Timeline', key: '6' },
  { id: 'logs', label: 'Logs', key: '7' },
  { id: 'folds', label: 'Folds', key: '8' },
  { id: 'quality', label: 'Data quality', key: '9' },
  { id: 'config', label: 'Configuration', key: '0' },
] as const;
export type RunTab = (typeof runTabs)[number]['id'];

/** A run without a training plan has no jobs. */
export const tabsOf = (planned: boolean) => runTabs.filter(({ id }) => planned || id !== 'jobs');
