import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '@twostage/core/errors';
import { openDataset } from '@twostage/data/openDataset';
import { type MeasureInput, measurePooled, measureSymbol } from '@twostage/families/evidence/measure';
import { sendMessage } from './channelWriter.ts';
import type { EvidenceJob } from './protocol.ts';

/**
 * Measures what a job asks for and sends it, symbol by symbol.
 * @throws DomainError CANCELLED, UNKNOWN_TARGET, UNKNOWN_SYMBOL, CORRUPT_DATASET; ENGINE_MISSING, ENGINE_FAILED
 */
export async function measureEvidence(job: EvidenceJob, stopRequested: () => boolean): Promise<void> {
  const { manifest, panel, target } = openDataset(job.datasetDir);
  const input: MeasureInput = {
    panel,
    target: target(job.target),
    labelBars: manifest.targets.find(({ name }) => name === job.target)!.labelBars,
    policy: job.policy,
    seed: job.seed,
    threads: job.threads,
    async report() {
      await nextTurn();
      if (stopRequested()) throw new DomainError('CANCELLED', 'the measuring was asked to stop');
    },
  };
  if (job.scope.kind === 'pooled') {
    const { evidence, forecast } = await measurePooled(input);
    if (forecast !== null) await writeFile(job.forecastFile, forecast);
    sendMessage({ type: 'pooledEvidence', evidence });
    return;
  }
  const pooled = existsSync(job.forecastFile) ? float64Of(await readFile(job.forecastFile)) : null;
  for (const symbol of job.scope.symbols)
    sendMessage({ type: 'symbolEvidence', evidence: await measureSymbol(input, symbol, pooled) });
}

const float64Of = (bytes: Buffer): Float64Array => new Float64Array(new Uint8Array(bytes).buffer);
