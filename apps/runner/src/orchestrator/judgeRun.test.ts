import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Portfolio } from '@twostage/core/evaluation/portfolio/portfolio';
import { selectTrials } from '@twostage/core/evaluation/selection/selectTrials';
import { Random } from '@twostage/core/random';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import type { TrainingView } from '@twostage/core/runs/view';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePortfolioColumns } from '../training-process/trainingFiles.ts';
import { judgeRun } from './judgeRun.ts';
import { trainingFolder } from './trainingRecord.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-judge-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const random = new Random(4);
const portfolio = (bars: number): Portfolio => {
  const gross = Float64Array.from({ length: bars }, () => 0.01 * random.normal());
  return {
    bars: Uint32Array.from({ length: bars }, (_, i) => i + 10),
    gross,
    net: gross.map((value) => value - 0.0001),
    turnover: new Float64Array(bars).fill(0.2),
    missingReturns: 0,
  };
};
const training = (id: string, traded = true) =>
  ({
    spec: { id },
    outcome: {
      kind: 'completed',
      result: { metrics: traded ? { portfolio: { barsPerYear: 52 } } : {} },
    },
  }) as unknown as TrainingView;
async function leave(id: string, ...series: Parameters<typeof writePortfolioColumns>[1]): Promise<void> {
  await mkdir(trainingFolder(root, id), { recursive: true });
  await writePortfolioColumns(trainingFolder(root, id), series);
}

describe('what the best trainings of a run are worth', () => {
  it('is said target by target of those that could be traded, also of one that learnt several together', async () => {
    const [a, b, c] = [portfolio(80), portfolio(80), portfolio(70)];
    await leave('one', { target: 'x', portfolio: a });
    await leave('together', { target: 'y', portfolio: b }, { target: 'x', portfolio: c });
    const failed = { spec: { id: 'failed' }, outcome: { kind: 'cancelled' } } as TrainingView;
    const selections = await judgeRun(root, [
      training('one'),
      failed,
      training('untraded', false),
      training('together'),
    ]);
    const net = ({ bars, net: values }: Portfolio) => ({ bars, values });
    expect(selections).toEqual([
      selectTrials(
        'x',
        [
          { training: 'one', net: net(a) },
          { training: 'together', net: net(c) },
        ],
        52,
      ),
      selectTrials('y', [{ training: 'together', net: net(b) }], 52),
    ]);
    expect(selections[0]).toMatchObject({ trials: 2, bars: 70 });
    expect(await judgeRun(root, [failed])).toEqual([]);
  });

  it('refuses a portfolio that is cut off', async () => {
    await leave('cut', { target: 'x', portfolio: portfolio(40) });
    await writeFile(path.join(trainingFolder(root, 'cut'), trainingDirectory.portfolioValues('net')), 'short123');
    await expect(judgeRun(root, [training('cut')])).rejects.toThrow(/portfolio columns disagree/);
  });
});
