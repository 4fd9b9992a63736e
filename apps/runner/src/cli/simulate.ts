import path from 'node:path';
import { scenarioNames } from '@twostage/data/simulate/scenarios/catalogue';
import { shownPath, write } from './terminal.ts';
import { exitCodes, UsageError, unknownName } from './usage.ts';

export interface SimulateFlags {
  readonly outputDir: string;
  readonly scenario?: string;
  readonly symbols?: number;
  readonly bars?: number;
  readonly seed?: number;
}

/** `twostage simulate`: a folder of CSV files that `train` reads, labelled as simulated. */
export async function simulate(flags: SimulateFlags): Promise<number> {
  const input = { ...flags, outputDir: path.resolve(flags.outputDir) };
  const shown = shownPath(input.outputDir);
  const made = input.scenario === undefined ? await market(input) : await scenario(input, input.scenario);
  write(`${made.symbols} symbols, ${made.bars.toLocaleString('en-US')} daily bars each, simulated, in ${shown}`);
  write(`Train on it: twostage train --data-dir ${shown}${made.flags}`);
  return exitCodes.ok;
}

interface Made {
  readonly symbols: number;
  readonly bars: number;
  /** What `train` needs beside the folder, with a space before it. */
  readonly flags: string;
}

// Each writer is loaded when it is called: they bring the reader of files with them.
async function market(input: SimulateFlags): Promise<Made> {
  const { simulateMarket } = await import('@twostage/data/simulate/simulateMarket');
  const { symbols, bars } = await simulateMarket(input);
  return { symbols: symbols.length, bars, flags: '' };
}

/** @throws UsageError, DomainError */
async function scenario(input: SimulateFlags, name: string): Promise<Made> {
  if (!scenarioNames.some((known) => known === name))
    throw new UsageError(unknownName('scenario', name, scenarioNames));
  const { writeScenario } = await import('@twostage/data/simulate/scenarios/writeScenario');
  const { symbols, bars, targets, lookback } = await writeScenario({ ...input, scenario: name });
  return { symbols, bars, flags: ` --targets ${targets.join(' ')} --lookback ${lookback}` };
}
