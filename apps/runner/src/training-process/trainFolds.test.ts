import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { evaluate } from '@twostage/core/evaluation/evaluate';
import { planValidation } from '@twostage/core/evaluation/planValidation';
import type { FamilyId } from '@twostage/core/families/family';
import { resolveParameters } from '@twostage/core/families/parameters';
import { type FoldSettings, foldSettingsSchema } from '@twostage/core/runs/config';
import type { FoldResult, TrainingResult } from '@twostage/core/runs/training';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import { type OpenedDataset, openDataset } from '@twostage/data/openDataset';
import { prepareDataset } from '@twostage/data/prepareDataset';
import { catalogue } from '@twostage/families/catalogue';
import { trainers } from '@twostage/families/trainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom, writeMarket } from '../../test/market.ts';
import { foldForecast } from './foldForecast.ts';
import type { TrainJob } from './protocol.ts';
import { trainFolds } from './trainFolds.ts';
import { trainingData, trainingPlan } from './trainingData.ts';

const symbols = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE', 'FFF'];
const [bars, targets] = [420, ['fwd_ret_5d', 'fwd_dir_5d']];
const folds = foldSettingsSchema.parse({ count: 2, holdoutFraction: 0.2 });
const held = bars - Math.round(bars * 0.2);
const cpcv = foldSettingsSchema.parse({ validation: 'cpcv', groups: 4, testGroups: 2 });

let root: string;
let [plain, changed] = ['', ''];
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-folds-'));
  const market = path.join(root, 'market');
  await writeMarket(market, symbols, bars);
  await missBars(path.join(market, 'FFF.csv'), [held - 9, held - 8, held - 3, held - 1]);
  const other = path.join(root, 'other');
  await mkdir(other);
  for (const symbol of symbols) await changeFrom(path.join(market, `${symbol}.csv`), path.join(other, `${symbol}.csv`));
  [plain, changed] = [await datasetOf(market), await datasetOf(other)];
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Line 0 is the head, line i + 1 bar i. */
async function missBars(file: string, missing: readonly number[]): Promise<void> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  await writeFile(file, lines.filter((_, line) => !missing.includes(line - 1)).join('\n'));
}

/** The same market, but nothing from the holdout's first day on is what it was. */
async function changeFrom(from: string, to: string): Promise<void> {
  const random = randomFrom(99);
  const lines = (await readFile(from, 'utf8')).trim().split('\n');
  const [first] = (await readFile(path.join(path.dirname(from), 'AAA.csv'), 'utf8')).split('\n')[held + 1]!.split(',');
  const other = lines.map((line, i) => {
    const [day, ...cells] = line.split(',');
    if (i === 0 || day! < first!) return line;
    const times = 0.5 + random();
    return [day, ...cells.map((cell) => (Number(cell) * times).toFixed(4))].join(',');
  });
  await writeFile(to, `${other.join('\n')}\n`);
}

async function datasetOf(dataDir: string): Promise<string> {
  const outputDir = path.join(root, `dataset-${path.basename(dataDir)}`);
  await prepareDataset({
    ...{ dataDir, symbols: [], targets, features: 'basic', lookback: 5, folds, outputDir, threads: 1 },
  });
  return outputDir;
}

interface Trained {
  readonly result: TrainingResult;
  readonly told: FoldResult[];
  readonly dataset: OpenedDataset;
  readonly job: TrainJob;
  /** [rows of all folds] */
  column(name: string): Promise<Float64Array>;
  rows(): Promise<{ row: Uint32Array; fold: Uint32Array }>;
}

const quick: Partial<Record<FamilyId, Record<string, number>>> = {
  LightGBM: { rounds: 25 },
  NGBoost: { rounds: 15 },
  Ensemble: { rounds: 10, forestTrees: 5 },
};

async function train(family: FamilyId, target: string, datasetDir: string, settings: FoldSettings): Promise<Trained> {
  const trainingDir = await mkdtemp(path.join(root, 'training-'));
  const job: TrainJob = {
    kind: 'train',
    training: { id: 't', family, target, scope: { kind: 'crossSectional' }, stage: 'cpu' },
    ...{ trainingDir, datasetDir, folds: settings, seed: 1, costBasisPoints: 5, quantiles: 3, lookback: 5 },
    ...{ threads: 1, device: 'cpu', parameters: resolveParameters(catalogue[family], quick[family] ?? {}) },
  };
  const dataset = openDataset(datasetDir);
  const told: FoldResult[] = [];
  const result = await trainFolds({
    ...{ job, dataset, trainer: await trainers[family]() },
    onProgress: () => {},
    onFold: (fold) => told.push(fold),
    onNote: () => {},
    stopRequested: () => false,
  });
  const raw = async (name: string) => {
    const bytes = await readFile(path.join(trainingDir, name));
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  };
  return {
    ...{ result, told, dataset, job },
    column: async (name) => new Float64Array(await raw(trainingDirectory.predictionValues(name))),
    rows: async () => ({
      row: new Uint32Array(await raw(trainingDirectory.predictionRows)),
      fold: new Uint32Array(await raw(trainingDirectory.predictionFolds)),
    }),
  };
}

/** Everything but the holdout, and what the clock says. */
const ofFolds = ({ metrics, folds: each, tearSheet, figures, importances, artifacts, notes }: TrainingResult) => ({
  metrics: { ...metrics, holdout: undefined },
  folds: each.map(({ seconds: _, ...fold }) => fold),
  models: artifacts.filter(({ path: name }) => name.startsWith('model/fold-')),
  ...{ tearSheet, figures, importances, notes },
});

describe('a holdout', () => {
  it.each<[FamilyId, string, FoldSettings]>([
    ['LightGBM', 'fwd_ret_5d', folds],
    ['LightGBM', 'fwd_dir_5d', folds],
    ['NGBoost', 'fwd_ret_5d', folds],
    ['ChangePoint', 'fwd_ret_5d', folds],
    ['GMMRegime', 'fwd_ret_5d', folds],
    ['Ensemble', 'fwd_dir_5d', folds],
    ['FTRLProximal', 'fwd_ret_5d', { ...cpcv, holdoutFraction: 0.2 }],
  ])(
    'is seen by nothing of %s on %s that is fitted, chosen, judged or drawn before it',
    async (family, target, settings) => {
      const [one, other] = [
        await train(family, target, plain, settings),
        await train(family, target, changed, settings),
      ];
      expect(ofFolds(other.result)).toEqual(ofFolds(one.result));
      expect(other.told.map(({ seconds: _, ...fold }) => fold)).toEqual(ofFolds(one.result).folds);
      const { row, fold } = await one.rows();
      const last = one.result.folds.length;
      const [ours, theirs] = [await one.column('prediction'), await other.column('prediction')];
      expect(hashOf(theirs.filter((_, i) => fold[i]! < last))).toBe(hashOf(ours.filter((_, i) => fold[i]! < last)));
      // And it is judged: by a model of its own, on every bar of it that has a label.
      const { panel } = one.dataset;
      const heldRows = row.filter((_, i) => fold[i] === last);
      expect(new Set(heldRows.map((each) => panel.barOf[each]!))).toEqual(
        new Set(Array.from({ length: bars - held - 6 }, (_, i) => held + i)),
      );
      const { metrics, holdout } = one.result;
      expect(metrics.holdout).toMatchObject({ rows: heldRows.length, bars: bars - held - 6 });
      expect(metrics.holdout!.ic).not.toBe(other.result.metrics.holdout!.ic);
      expect(metrics.holdout!.portfolio!.netSharpe).not.toBe(metrics.portfolio!.netSharpe);
      expect(holdout!.testStart).toBe(panel.times[held]);
      expect(holdout!.figures[0]).toMatchObject({ kind: 'table', title: 'Holdout beside the folds' });
      expect(await readdir(path.join(one.job.trainingDir, trainingDirectory.holdoutModel))).not.toEqual([]);
      const written = JSON.parse(await readFile(path.join(one.job.trainingDir, trainingDirectory.metrics), 'utf8'));
      expect(written.metrics.holdout.ic).toBe(metrics.holdout!.ic);
    },
  );
});

const hashOf = (values: Float64Array) => createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');

describe('combinatorial cross-validation', () => {
  it('has paths that each judge the whole calendar once, by models that never trained on what they judge', async () => {
    const trained = await train('LightGBM', 'fwd_ret_5d', plain, cpcv);
    const { row, fold } = await trained.rows();
    const prediction = await trained.column('prediction');
    const { panel } = trained.dataset;
    const target = trained.dataset.target('fwd_ret_5d');
    const { paths } = planValidation({ bars, settings: cpcv, labelBars: 6, lookback: 5 });
    expect(trained.result.folds).toHaveLength(6);
    const { ic, netSharpe, shown } = trained.result.metrics.paths!;
    expect([ic.values.length, netSharpe.values.length]).toEqual([3, 3]);
    for (const [place, splits] of paths!.paths.entries()) {
      const own = Array.from(row.keys()).filter((i) => {
        const group = paths!.groups.findIndex(({ end }) => panel.barOf[row[i]!]! < end);
        return splits[group] === fold[i];
      });
      own.sort((a, b) => panel.barOf[row[a]!]! - panel.barOf[row[b]!]! || row[a]! - row[b]!);
      expect(own.map((i) => row[i]).sort()).toEqual(
        Array.from(target.keys())
          .filter((each) => Number.isFinite(target[each]!))
          .sort(),
      );
      const judged = evaluate({
        ...{ panel, target, labelBars: 6, trainMean: 0 },
        rows: Uint32Array.from(own, (i) => row[i]!),
        predictions: Float64Array.from(own, (i) => prediction[i]!),
      });
      expect(ic.values[place]).toBe(judged.ic);
      if (place === shown) expect(trained.result.metrics.rankIc).toBe(judged.rankIc);
    }
    expect(trained.result.tearSheet!.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['Backtest paths', 'IC by path', 'Net Sharpe by path', 'Equity, net and gross of costs']),
    );
  });

  it('tells a model that learns on while it predicts nothing that is not known yet, within a test group', async () => {
    const { dataset, job } = await train('ChangePoint', 'fwd_ret_5d', plain, cpcv);
    const { folds: splits, data } = trainingPlan(trainingData(dataset, job.training), job);
    const judging = { ...data, family: catalogue.ChangePoint, parameters: job.parameters };
    // Groups 0 and 2 are tested by a model of groups 1 and 3.
    const { rows } = splits[1]!;
    const [first] = data.targets;
    const { panel } = data;
    const model = await (await trainers.ChangePoint()).fit({
      ...{ panel, target: first.values, targets: data.targets, parameters: job.parameters, seed: 1 },
      ...{ train: rows.train, validation: rows.validation, lookback: 5, threads: 1, device: 'cpu' },
      report: async () => {},
      note: () => {},
    });
    const at = 2 * (bars / 4) + 50;
    // Labels that end after `at` are other ones.
    const later = first.values.map((value, place) => (panel.barOf[place]! + 6 > at ? 1 - 50 * value : value));
    const one = await foldForecast(model, rows, judging, job);
    const other = await foldForecast(model, rows, { ...judging, targets: [{ ...first, values: later }] }, job);
    const known = Array.from(rows.test.keys()).filter((i) => panel.barOf[rows.test[i]!]! <= at);
    const said = (forecast: typeof one, places: number[]) => places.map((i) => forecast.byTarget[0]![i]!);
    expect(known.length).toBeGreaterThan(500);
    expect(said(other, known)).toEqual(said(one, known));
    expect(Array.from(other.byTarget[0]!)).not.toEqual(Array.from(one.byTarget[0]!));
  });

  it('gives a sequence family no window across a tested block', async () => {
    const dataset = openDataset(plain);
    const training = { id: 't', family: 'LSTM', target: 'fwd_ret_5d', scope: { kind: 'crossSectional' } } as const;
    const job = { training: { ...training, stage: 'gpu' }, folds: cpcv, lookback: 8 } as unknown as TrainJob;
    const { panel } = dataset;
    const plan = planValidation({ bars, settings: cpcv, labelBars: 6, lookback: 8 });
    for (const { fold, rows } of trainingPlan(trainingData(dataset, job.training), job).folds) {
      const { test } = plan.folds[fold]!;
      for (const row of [...rows.train, ...rows.validation])
        for (let back = 0; back < 8; back++) {
          expect(panel.symbolOf[row - back]).toBe(panel.symbolOf[row]);
          const bar = panel.barOf[row - back]!;
          if (test.some(({ start, end }) => bar >= start && bar < end)) throw new Error(`fold ${fold}: bar ${bar}`);
        }
    }
  });
});

describe('a direction', () => {
  it('has probabilities that no outcome of the test block has a say in, of a family that regresses it', async () => {
    const { dataset, job, result, column } = await train('FTRLProximal', 'fwd_dir_5d', plain, folds);
    const { folds: planned, data } = trainingPlan(trainingData(dataset, job.training), job);
    const { rows } = planned[0]!;
    const [first] = data.targets;
    expect(first.direction).toBe(true);
    const model = await (await trainers.FTRLProximal()).load(path.join(job.trainingDir, 'model/fold-0'), 1, 'cpu');
    const judging = { ...data, family: catalogue.FTRLProximal, parameters: job.parameters };
    const one = await foldForecast(model, rows, judging, job);
    const turned = first.values.slice();
    for (const row of rows.test) turned[row] = 1 - turned[row]!;
    const other = await foldForecast(model, rows, { ...judging, targets: [{ ...first, values: turned }] }, job);
    expect(other.probabilities).toEqual(one.probabilities);
    const probability = await column('probability');
    expect(Array.from(probability.subarray(0, rows.test.length))).toEqual(Array.from(one.probabilities[0]!));
    expect(probability.every((p) => p > 0 && p < 1)).toBe(true);
    const { direction, hitRate, standardErrors } = result.metrics;
    expect(hitRate).toBe(direction!.accuracy);
    expect(standardErrors!.hitRate).toBe(direction!.accuracyError);
    expect(result.folds.every(({ metrics }) => metrics.direction!.logLoss! > 0)).toBe(true);
    expect(result.metrics.holdout!.direction!.rows).toBeGreaterThan(100);
    expect(result.tearSheet).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'reliability', baseRate: expect.closeTo(direction!.baseRate!, 5) }),
      ]),
    );
  });

  it('is said by LightGBM in probabilities of its own', async () => {
    const { column, result } = await train('LightGBM', 'fwd_dir_5d', plain, folds);
    expect(await column('probability')).toEqual(await column('prediction'));
    expect(result.metrics.direction!.brier).toBeCloseTo(result.metrics.mse!, 12);
  });

  it('is none of a return', async () => {
    const { result, column } = await train('FTRLProximal', 'fwd_ret_5d', plain, folds);
    expect(result.metrics.direction).toBeUndefined();
    await expect(column('probability')).rejects.toThrow(/ENOENT/);
  });
});
