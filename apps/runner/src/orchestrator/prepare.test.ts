import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runConfigSchema } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { emptyRunView } from '@twostage/core/runs/view';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeKnowing, writeMarket } from '../../test/market.ts';
import { prepareRunDataset } from './prepare.ts';

const bars = 400;
let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-prepare-'));
  await writeMarket(path.join(root, 'market'), ['AAA', 'BBB', 'CCC'], bars);
  await writeKnowing(path.join(root, 'market'), path.join(root, 'knowing'));
  await writeKnowing(path.join(root, 'market'), path.join(root, 'late'));
  await forgetBefore(path.join(root, 'late'), 0.7 * bars);
});
afterAll(() => rm(root, { recursive: true, force: true }));

/**
 * The last column of every file, the feature that knows, is empty before a bar, and knows after it by and large only:
 * an equal of a later price is refused wherever it stands.
 */
async function forgetBefore(directory: string, bar: number): Promise<void> {
  for (const file of await readdir(directory)) {
    const [head, ...lines] = (await readFile(path.join(directory, file), 'utf8')).trim().split('\n');
    const other = lines.map((line, i) =>
      line.replace(/[^,]*$/, (known) => (i < bar || known === '' ? '' : `${Number(known) * (i % 2 ? 1.05 : 0.95)}`)),
    );
    await writeFile(path.join(directory, file), `${[head, ...other].join('\n')}\n`);
  }
}

async function prepare(market: string, folds: object): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const dataDir = path.join(root, market);
  await prepareRunDataset({
    config: runConfigSchema.parse({
      dataDir,
      families: ['LightGBM'],
      features: 'basic',
      lookback: 5,
      threads: 1,
      folds,
    }),
    runDir: await mkdtemp(path.join(root, 'run-')),
    view: emptyRunView(),
    signal: new AbortController().signal,
    write: (...list) => events.push(...list),
  });
  return events;
}
const planned = (events: RunEvent[]) => events.find((event) => event.kind === 'run.planned')!;

describe('a run with a holdout', () => {
  it('says which bars are held, beside the folds that end before them', async () => {
    const { folds, summary } = planned(await prepare('market', { holdoutFraction: 0.3 }));
    expect(folds.map(({ fold, holdout }) => [fold, holdout])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, undefined],
      [3, true],
    ]);
    expect(folds[2]!.testEnd).toBeLessThan(folds[3]!.testStart);
    expect(summary.at(-1)).toMatch(
      /^🔒 Holdout: the last 30 % of the bars, \d{4}-\d\d-\d\d – \d{4}-\d\d-\d\d; no fold/,
    );
  });

  it('draws combinatorial splits in their pieces', async () => {
    const { folds } = planned(await prepare('market', { validation: 'cpcv', groups: 5 }));
    expect(folds).toHaveLength(10);
    const { pieces, testStart, testEnd } = folds[1]!;
    // Groups 0 and 2.
    expect(pieces!.test).toHaveLength(2);
    expect([testStart, testEnd]).toEqual([pieces!.test[0]![0], pieces!.test[1]![1]]);
  });

  it('looks for features that know the future before it alone', async () => {
    const refused = expect.objectContaining({ code: 'LEAK', message: expect.stringMatching(/^feature oracle/) });
    await expect(prepare('late', {})).rejects.toThrow(refused);
    expect(planned(await prepare('late', { holdoutFraction: 0.3 })).trainings).toHaveLength(1);
    await expect(prepare('knowing', { holdoutFraction: 0.3 })).rejects.toThrow(refused);
  });
});
