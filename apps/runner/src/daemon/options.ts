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
  // The installation's own folder is always one: the web server offers it too.
  const roots = [path.join(home, 'data'), ...(env.TWOSTAGE_DATA_ROOTS ?? '').split(path.delimiter).filter(Boolean)];
  return { databaseUrl, home, dataRoots: [...new Set(roots.map((root) => path.resolve(root)))] };
}
