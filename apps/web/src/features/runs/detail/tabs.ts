/** Tabs of the run page in the order of their number keys: 1 … 9, 0. */
export const runTabs = [
  { id: 'overview', label: 'Overview' },
  { id: 'leaderboard', label: 'Leaderboard' },
  { id: 'curves', label: 'Curves' },
  { id: 'insights', label: 'Insights' },
  { id: 'tear-sheet', label: 'Tear sheet' },
  { id: 'timeline', label: 'Timeline' },
  { id: 'logs', label: 'Logs' },
  { id: 'folds', label: 'Folds' },
  { id: 'quality', label: 'Data quality' },
  { id: 'config', label: 'Configuration' },
] as const;
export type RunTab = (typeof runTabs)[number]['id'];
export const runTabIds = runTabs.map((tab) => tab.id);
