import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { mean, pearson } from '@twostage/core/evaluation/correlation';
import { writeFolderAtomically } from '../atomicFolder.ts';
import { descriptionFile } from '../datasetDescription.ts';
import { model, type SimulatedMarket, type SimulationSettings, simulate, theoreticalIc } from './market.ts';
import { signalDescriptions, signalNames } from './signals.ts';

export interface SimulateMarketInput {
  /** A new or an empty folder; comes into being whole or not at all. */
  readonly outputDir: string;
  /** 1 … 500 */
  readonly symbols?: number;
  /** Daily bars, 50 … 20,000 */
  readonly bars?: number;
  readonly seed?: number;
}

export const simulationDefaults: SimulationSettings = { symbols: 20, bars: 1500, seed: 7 };

/**
 * Writes a simulated market: one CSV of daily bars a fictitious symbol (SIM01 …), a README.md that says so and states how
 * strong the planted signals are, and the dataset.json that makes every report of it say "simulated". The same input gives
 * the same bytes.
 * @throws DomainError INVALID_INPUT, CONFLICT
 */
export async function simulateMarket(input: SimulateMarketInput): Promise<{ symbols: string[]; bars: number }> {
  const settings: SimulationSettings = {
    symbols: input.symbols ?? simulationDefaults.symbols,
    bars: input.bars ?? simulationDefaults.bars,
    seed: input.seed ?? simulationDefaults.seed,
  };
  checkWhole('symbols', settings.symbols, 1, 500);
  checkWhole('bars', settings.bars, 50, 20_000);
  checkWhole('seed', settings.seed, 0, 2 ** 31 - 1);
  return writeFolderAtomically(
    input.outputDir,
    () => false,
    async (working) => {
      const market = simulate(settings);
      for (const { symbol, open, high, low, close, volume } of market.symbols) {
        const lines = market.dates.map((date, i) =>
          [date, ...[open, high, low, close].map((price) => price[i]!.toFixed(4)), volume[i]].join(','),
        );
        await writeFile(join(working, `${symbol}.csv`), `Date,Open,High,Low,Close,Volume\n${lines.join('\n')}\n`);
      }
      await writeFile(join(working, 'README.md'), readme(settings, market));
      await writeFile(join(working, descriptionFile), `${JSON.stringify(descriptionOf(settings), null, 2)}\n`);
      return { symbols: market.symbols.map(({ symbol }) => symbol), bars: settings.bars };
    },
  );
}

/** @throws DomainError INVALID_INPUT */
export function checkWhole(field: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new DomainError('INVALID_INPUT', `${field}: expected a whole number from ${least} to ${most}, got ${value}`, {
    field,
  });
}

function descriptionOf({ symbols, bars, seed }: SimulationSettings) {
  return {
    simulated: true,
    title: `Simulated market (${symbols} symbols, ${bars} days)`,
    description: `Made by a program, seed ${seed}: market and sector factors, volatility clusters, and three planted signals whose strength README.md states. No symbol is a real company.`,
  };
}

/**
 * Mean over bars of the correlation across symbols between a signal at t and close[t+2] / close[t+1] − 1.
 * @param weights of the signals; they are standardised already
 */
export function realisedIc(
  market: SimulatedMarket,
  weights: Partial<Record<(typeof signalNames)[number], number>>,
): number {
  const count = market.symbols.length;
  const ics: number[] = [];
  for (let bar = 0; bar + 2 < market.dates.length; bar++) {
    const signal = market.symbols.map((_, i) =>
      signalNames.reduce((sum, name) => sum + (weights[name] ?? 0) * market.signals[name][bar * count + i]!, 0),
    );
    const forward = market.symbols.map(({ close }) => close[bar + 2]! / close[bar + 1]! - 1);
    const ic = pearson(signal, forward);
    if (!Number.isNaN(ic)) ics.push(ic);
  }
  return mean(ics);
}

function readme(settings: SimulationSettings, market: SimulatedMarket): string {
  const theory = theoreticalIc();
  const shown = (ic: number) => (Number.isNaN(ic) ? 'not defined' : ic.toFixed(3));
  const rows = signalNames.map(
    (name) =>
      `| ${name} | ${model.strength[name]} | ${theory[name].toFixed(3)} | ${shown(realisedIc(market, { [name]: 1 }))} | ${signalDescriptions[name].seenIn} |`,
  );
  return `# SIMULATED market data

No market made these prices. A program did (seed ${settings.seed}), to try things on: ${settings.symbols} fictitious symbols,
${settings.bars} days from Monday to Friday beginning ${model.firstDay}, no holidays. Nothing learned here says anything about a real market.

## How

Log return of symbol i on day s = beta · market + sector + sigma · (planted signals of day s − 2 + noise)

- market: drift ${model.marketDailyDrift} and volatility ${model.marketDailyVolatility} a day, GARCH(1,1) (shock ${model.garch.shock}, persistence ${model.garch.persistence}); beta from ${model.beta.least} to ${model.beta.most}.
- sector: ${model.sectors} sectors (every ${model.sectors}th symbol shares one), volatility ${model.sectorDailyVolatility} a day.
- sigma: each symbol's own, from ${model.dailyVolatility.least} to ${model.dailyVolatility.most} a day in the long run, GARCH(1,1) likewise; noise is Student t with ${model.tailDegrees} degrees of freedom.
- Volume is autocorrelated and rises with the size of the move.

## Planted signals

Each is computed from the prices and volumes up to day t and standardised across symbols (z: mean 0, variance 1).
It shifts the return of day t + 2, which is what \`fwd_ret_1d\` measures: seen at the close of t, traded at the close of t + 1.

${signalNames.map((name) => `- **${name}**: ${signalDescriptions[name].formula}.`).join('\n')}

Strength: expected return in units of sigma for one standard deviation. IC: mean correlation across symbols with
\`fwd_ret_1d\`, by the model's own formula and as it came out in these files.

| signal | strength | IC by formula | IC in these files | seen in |
|---|---|---|---|---|
${rows.join('\n')}
| all three, weighted as planted | | ${theory.all.toFixed(3)} | ${shown(realisedIc(market, model.strength))} | |

The last row is the most that any model can reach here on average.
`;
}
