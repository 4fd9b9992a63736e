/**
 * The database of an installation, made ready: migrated, and on the first start with a sample dataset, a demo run and the token of
 * the one-time link. Prints one line of JSON: {setupToken, datasetId, runId}. `--no-demo` queues no run.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { runConfigSchema } from '@twostage/core/runs/config';
import { readDescription } from '@twostage/data/datasetDescription';
import { simulateMarket } from '@twostage/data/simulate/simulateMarket';
import { bootstrap, type SampleDataset } from '@twostage/prisma/bootstrap';
import { createDatabaseClient } from '@twostage/prisma/client';
import { prepareDatabase } from '@twostage/prisma/prepare';
import { openJobQueue } from '@twostage/prisma/queue';
import { readDaemonOptions } from './options.ts';

try {
  const options = readDaemonOptions(process.env);
  await prepareDatabase(options.databaseUrl);
  const sample = await writeSample(path.join(options.home, 'data', 'simulated-market'));
  const database = createDatabaseClient(options.databaseUrl, { name: 'twostage bootstrap', poolSize: 2 });
  const queue = await openJobQueue(options.databaseUrl, { supervise: false, onError: console.error });
  const demo = process.argv.includes('--no-demo')
    ? null
    : runConfigSchema.parse({
        name: 'Demo: every family on a simulated market',
        dataDir: sample.path,
        // One of the families learns several targets together.
        targets: ['fwd_ret_1d', 'fwd_ret_5d'],
        // A first look is to be quick; the basic set shows what was planted in this market.
        features: 'basic',
      });
  const first = await bootstrap(database, queue, { sample, demo });
  await queue.stop(1000);
  await database.$disconnect();
  console.log(JSON.stringify(first));
  process.exit(0);
} catch (error) {
  console.error(error instanceof DomainError ? error.message : error);
  process.exit(1);
}

/** Written once; what a person changed in it stays. */
async function writeSample(folder: string): Promise<SampleDataset> {
  if (!existsSync(folder)) {
    await simulateMarket({ outputDir: folder }).catch((error) => {
      // Of two first starts at once the other one wrote it.
      if (!existsSync(folder)) throw error;
    });
  }
  const description = await readDescription(folder);
  return {
    name: 'Simulated market',
    path: folder,
    title: description?.title ?? '',
    description: description?.description ?? '',
  };
}
