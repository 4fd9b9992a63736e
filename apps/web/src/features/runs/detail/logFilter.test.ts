import type { LogLine } from '@twostage/core/runs/view';
import { describe, expect, it } from 'vitest';
import { filterLogs, logText, plainText } from './logFilter.ts';

const lines: LogLine[] = [
  { seq: 1, at: 0, training: null, stream: 'runner', line: 'Dataset written' },
  { seq: 2, at: 1000, training: 'MLP.t.all', stream: 'stdout', line: 'epoch 1' },
  { seq: 3, at: 2000, training: 'MLP.t.all', stream: 'stderr', line: 'WARNING: slow' },
];
const seqs = (training: string | null, stream: 'stdout' | 'stderr' | null, text: string) =>
  filterLogs(lines, { training, stream, text }).map((line) => line.seq);

describe('logs', () => {
  it('filters by training, stream and text, any case', () => {
    expect(seqs(null, null, '')).toEqual([1, 2, 3]);
    expect(seqs('MLP.t.all', null, '')).toEqual([2, 3]);
    expect(seqs('MLP.t.all', 'stderr', '')).toEqual([3]);
    expect(seqs(null, null, ' warning')).toEqual([3]);
  });
  it('writes a line with its time and source', () => {
    expect(logText(lines[1]!)).toBe('1970-01-01T00:00:01.000Z MLP.t.all stdout epoch 1');
  });
  it('leaves out terminal colours', () => expect(plainText('\u001b[31mred\u001b[0m')).toBe('red'));
});
