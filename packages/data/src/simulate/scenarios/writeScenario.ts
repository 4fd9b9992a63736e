import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { writeFolderAtomically } from '../../atomicFolder.ts';
import { descriptionFile } from '../../datasetDescription.ts';
import { checkWhole } from '../simulateMarket.ts';
import { type ScenarioName, scenarioNames, scenarios } from './catalogue.ts';
import type { ScenarioPanel } from './scenario.ts';

export interface WriteScenarioInput {
  readonly scenario: string;
  /** A new or an empty folder; comes into being whole or not at all. */
  readonly outputDir: string;
  /** 2 … 500; the scenario's own size where absent, as for bars. */
  readonly symbols?: number;
  /** 200 … 20,000 */
  readonly bars?: number;
  readonly seed?: number;
}

export interface WrittenScenario {
  readonly symbols: number;
  readonly bars: number;
  readonly targets: readonly string[];
  readonly lookback: number;
}

/**
 * Writes a scenario as a user's data would come: one CSV a symbol with date, close, features and targets, and a dataset.json
 * that says that they are simulated and that the features are to be taken as they are. Numbers are written so that reading
 * them gives the same bits. The same input gives the same bytes.
 * @throws DomainError NOT_FOUND, INVALID_INPUT, CONFLICT
 */
export async function writeScenario(input: WriteScenarioInput): Promise<WrittenScenario> {
  const scenario = scenarios[input.scenario as ScenarioName];
  if (!Object.hasOwn(scenarios, input.scenario)) {
    throw new DomainError('NOT_FOUND', `no scenario "${input.scenario}"; there are ${scenarioNames.join(', ')}`, {
      field: 'scenario',
    });
  }
  const settings = {
    symbols: input.symbols ?? scenario.size.symbols,
    bars: input.bars ?? scenario.size.bars,
    seed: input.seed ?? 1,
  };
  checkWhole('symbols', settings.symbols, 2, 500);
  checkWhole('bars', settings.bars, 200, 20_000);
  checkWhole('seed', settings.seed, 0, 2 ** 31 - 1);
  return writeFolderAtomically(
    input.outputDir,
    () => false,
    async (working) => {
      const made = scenario.make(settings);
      for (const [symbol, name] of made.panel.symbols.entries()) {
        await writeFile(join(working, `${name}.csv`), csvOf(made, symbol, settings.bars));
      }
      const description = {
        simulated: true,
        title: `Simulated: ${input.scenario} (${settings.symbols} symbols, ${settings.bars} days)`,
        description: `Made by a program, seed ${settings.seed}: ${scenario.summary}.`,
        features: 'given',
      };
      await writeFile(join(working, descriptionFile), `${JSON.stringify(description, null, 2)}\n`);
      return { ...settings, targets: made.targets.map(({ name }) => name), lookback: scenario.lookback };
    },
  );
}

function csvOf({ panel, targets }: ScenarioPanel, symbol: number, bars: number): string {
  const lines = [['Date', 'Close', ...panel.featureNames, ...targets.map(({ name }) => name)].join(',')];
  for (let bar = 0; bar < bars; bar++) {
    const row = symbol * bars + bar;
    const date = new Date(panel.times[bar]!).toISOString().slice(0, 10);
    const cells = [panel.close[row]!, ...panel.featureNames.map((_, j) => panel.features[j * panel.rows + row]!)];
    const labels = targets.map(({ values }) => (Number.isNaN(values[row]!) ? '' : values[row]!));
    lines.push([date, ...cells, ...labels].join(','));
  }
  return `${lines.join('\n')}\n`;
}
