import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import type { ChildCommand } from '../training-process/command.ts';

export interface DaemonOptions {
  readonly databaseUrl: string;
  /** Absolute state folder. */
  readonly home: string;
  /** Absolute folders below which market data may lie. */
  readonly dataRoots: readonly string[];
  readonly childCommand?: ChildCommand;
}

/** @throws DomainError INVALID_INPUT naming the variable */
export function readDaemonOptions(env: NodeJS.ProcessEnv): DaemonOptions {
  const databaseUrl = env.DATABASE_URL;
  if (!databaseUrl)
    throw new DomainError('INVALID_INPUT', 'DATABASE_URL is not set: the runner takes its runs from that database');
  const home = path.resolve(env.TWOSTAGE_HOME ?? '.twostage');
  const roots = (env.TWOSTAGE_DATA_ROOTS ?? path.join(home, 'data')).split(path.delimiter).filter(Boolean);
  return { databaseUrl, home, dataRoots: roots.map((root) => path.resolve(root)) };
}
