import type { DatasetRow, DatasetState } from '../../server/contracts/datasets.ts';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { count, day, plural } from '../../ui/format.ts';

const looks: Record<DatasetState, { label: string; tone: Tone }> = {
  inspecting: { label: 'Inspecting', tone: 'accent' },
  ready: { label: 'Ready', tone: 'good' },
  refused: { label: 'Refused', tone: 'bad' },
};

export const DatasetStateBadge = ({ state }: { state: DatasetState }) => (
  <Badge tone={looks[state].tone}>{looks[state].label}</Badge>
);

/** 30 symbols · 2000-01-03 to 2017-12-29 · 93,612 rows. */
export function datasetSummary(dataset: Pick<DatasetRow, 'symbolCount' | 'start' | 'end' | 'rows'>): string {
  const parts = [
    dataset.symbolCount !== null && plural(dataset.symbolCount, 'symbol'),
    dataset.start !== null && dataset.end !== null && `${day(dataset.start)} to ${day(dataset.end)}`,
    dataset.rows !== null && `${count(dataset.rows)} rows`,
  ];
  return parts.filter(Boolean).join(' · ');
}
