import path from 'node:path';
import { simulateMarket, simulationDefaults } from '@twostage/data/simulate/simulateMarket';
import { shownPath, write } from './terminal.ts';
import { exitCodes } from './usage.ts';

export interface SimulateFlags {
  readonly outputDir: string;
  readonly symbols?: number;
  readonly bars?: number;
  readonly seed?: number;
}

/** `twostage simulate`: a folder of CSV files that `train` reads, labelled as simulated. */
export async function simulate(flags: SimulateFlags): Promise<number> {
  const outputDir = path.resolve(flags.outputDir);
  const { symbols, bars } = await simulateMarket({ ...simulationDefaults, ...flags, outputDir });
  const shown = shownPath(outputDir);
  write(`${symbols.length} symbols, ${bars.toLocaleString('en-US')} daily bars each, simulated, in ${shown}`);
  write(`Train on it: twostage train --data-dir ${shown}`);
  return exitCodes.ok;
}
