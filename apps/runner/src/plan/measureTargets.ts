import { availableParallelism, freemem } from 'node:os';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import type { PlanBuildProgress, PlanBuildRequest } from '@twostage/core/plans/buildRequest';
import type { PooledEvidence, SymbolEvidence, TargetEvidence } from '@twostage/core/plans/evidence';
import type { OpenedDataset } from '@twostage/data/openDataset';
import type { EvidenceJob } from '../training-process/protocol.ts';
import { runTask } from '../training-process/task.ts';
import { inParallel } from './inParallel.ts';

export interface MeasureTargetsInput {
  readonly request: PlanBuildRequest;
  readonly dataset: OpenedDataset;
  /** Absolute folder that holds `dataset`; forecasts go beside it. */
  readonly working: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Omit<PlanBuildProgress, 'elapsedMs' | 'etaMs'>, etaMs: number | null) => void;
}

type Measured = Omit<TargetEvidence, 'leaks' | 'correlations'>;

const hourMs = 3_600_000;
/** Symbols that one process measures: enough that reading the dataset is little beside it, few enough that the cores end together. */
const symbolsAtOnce = 8;
/** A pooled measurement takes as long as about so many of one symbol: only how they compare counts. */
const pooledWeight = 12;

/**
 * Measures every target on all symbols, then on each: native libraries in processes of their own, one thread each, as many at
 * once as there are threads and memory for.
 * @throws DomainError CANCELLED, ENGINE_MISSING, ENGINE_FAILED; the others are stopped by then
 */
export async function measureTargets(input: MeasureTargetsInput): Promise<Measured[]> {
  const { request, dataset, working, signal, onProgress } = input;
  const { manifest } = dataset;
  const names = manifest.targets.map(({ name }) => name);
  const pooled = new Map<string, PooledEvidence>();
  const own = new Map<string, SymbolEvidence[]>(names.map((name) => [name, []]));
  const startedMs = performance.now();
  const total = names.length * (1 + manifest.symbols.length);
  const weightOf = (pooledDone: number, done: number) => pooledDone * pooledWeight + (done - pooledDone);
  const report = (latest: string | null) => {
    const done = pooled.size + [...own.values()].reduce((sum, list) => sum + list.length, 0);
    const [worked, work] = [weightOf(pooled.size, done), weightOf(names.length, total)];
    const etaMs = worked > 0 ? Math.round(((performance.now() - startedMs) * (work - worked)) / worked) : null;
    onProgress({ step: 'measuring', done, total, latest }, etaMs);
  };
  report(null);
  const run = async (target: string, scope: EvidenceJob['scope'], stop: AbortSignal) => {
    const job: EvidenceJob = {
      ...{ kind: 'evidence', target, scope, policy: request.policy, seed: request.seed, threads: 1 },
      datasetDir: path.join(working, 'dataset'),
      forecastFile: path.join(working, `forecast.${target}.f64`),
    };
    await runTask(job, 'measured', {
      ...{ stage: 'cpu', device: 'cpu', threads: 1, deadlineMs: 24 * hourMs, signal: stop },
      onMessage(message) {
        if (message.type === 'pooledEvidence') {
          pooled.set(target, message.evidence);
          report(target);
        } else if (message.type === 'symbolEvidence') {
          own.get(target)!.push(message.evidence);
          report(`${target} ${message.evidence.symbol}`);
        }
      },
    });
  };
  const limit = processesAtOnce(request.threads, dataset);
  await inParallel(
    limit,
    signal,
    names.map((name) => (stop) => run(name, { kind: 'pooled' }, stop)),
  );
  const groups = chunks(manifest.symbols, symbolsAtOnce);
  await inParallel(
    limit,
    signal,
    names.flatMap((name) =>
      groups.map((symbols) => (stop: AbortSignal) => run(name, { kind: 'symbols', symbols }, stop)),
    ),
  );
  return manifest.targets.map(({ name, labelBars }) => ({
    ...{ target: name, labelBars, pooled: orFail(pooled.get(name), name) },
    symbols: manifest.symbols.map((symbol) =>
      orFail(
        own.get(name)!.find((each) => each.symbol === symbol),
        `${name} ${symbol}`,
      ),
    ),
  }));
}

/** Each process holds the features twice, once in the order of time, besides what its libraries take. */
function processesAtOnce(threads: number, { panel: { rows, featureNames } }: OpenedDataset): number {
  const bytes = 2 * rows * featureNames.length * Float32Array.BYTES_PER_ELEMENT + 400 * 2 ** 20;
  const fitting = Math.floor((0.8 * freemem()) / bytes);
  return Math.max(1, Math.min(threads || availableParallelism(), fitting));
}

function chunks(list: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));
}

function orFail<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new DomainError('ENGINE_FAILED', `${what}: its measuring ended without a result`);
  return value;
}
