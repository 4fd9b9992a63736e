import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import type { FigureInput } from '@twostage/core/runs/figures';
import { z } from 'zod';
import { type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import { type TargetScale, unscaleTarget } from '../preprocessing/targetScale.ts';
import type { FigureContext, FittedModel, PredictInput, Prediction } from '../trainer.ts';
import { metaFigures } from './figures.ts';
import { Network } from './network.ts';

const modelFile = 'model.json';
const predictRows = 4096;

/** Parameters of the network in the order that `Network` keeps them. */
const vector = z.array(z.number());

/** All numbers are float64, written by JSON as the shortest decimal that reads back the same. */
const metaSchema = z.object({
  format: z.literal('twostage.meta-learning'),
  version: z.literal(1),
  hiddenUnits: z.number().int(),
  features: z.array(z.object({ name: z.string(), mean: z.number(), deviation: z.number() })),
  target: z.object({ mean: z.number(), deviation: z.number() }),
  start: vector,
  symbols: z.array(z.object({ symbol: z.string(), supportRows: z.number().int(), parameters: vector })),
  steps: z.number().int(),
  path: z.object({ steps: vector, support: vector, validation: vector, unit: z.number() }),
});

export interface Adapted {
  readonly symbol: string;
  readonly supportRows: number;
  readonly parameters: Float64Array;
}

export interface MetaState {
  readonly standardisation: Standardisation;
  readonly scale: TargetScale;
  /** Where symbols that were never seen stay. */
  readonly start: Float64Array;
  readonly adapted: readonly Adapted[];
  /** Adaptation steps that each symbol took. */
  readonly steps: number;
  /** Losses by number of adaptation steps, of the standardised label; times `unit` in the label's own. */
  readonly path: {
    readonly steps: readonly number[];
    readonly support: readonly number[];
    readonly validation: readonly number[];
    readonly unit: number;
  };
}

/** A network a symbol, each a few steps from a common start. */
export class MetaModel implements FittedModel {
  constructor(
    readonly network: Network,
    readonly state: MetaState,
  ) {}

  /** @throws DomainError NOT_FOUND if there is no such model, or what is there is none */
  static async load(directory: string): Promise<MetaModel> {
    try {
      const text = await readFile(path.join(directory, modelFile), 'utf8');
      const { features, target, start, symbols, hiddenUnits, steps, path: tried } = metaSchema.parse(JSON.parse(text));
      return new MetaModel(new Network(features.length, hiddenUnits), {
        standardisation: {
          featureNames: features.map(({ name }) => name),
          means: features.map(({ mean }) => mean),
          deviations: features.map(({ deviation }) => deviation),
        },
        scale: target,
        start: Float64Array.from(start),
        adapted: symbols.map((each) => ({ ...each, parameters: Float64Array.from(each.parameters) })),
        steps,
        path: tried,
      });
    } catch (error) {
      throw new DomainError('NOT_FOUND', `no MetaLearning model in ${directory}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  async predict(input: PredictInput): Promise<Prediction> {
    const { adapted, start } = this.state;
    const bySymbol = new Map(adapted.map(({ symbol, parameters }) => [symbol, parameters]));
    const parameters = input.panel.symbols.map((symbol) => bySymbol.get(symbol) ?? start);
    return { values: this.#predictWith(input, (symbol) => parameters[symbol]!) };
  }

  /** As if no symbol had been adapted to. @returns [rows] */
  predictFromStart(input: Pick<PredictInput, 'panel' | 'rows'>): Float64Array {
    return this.#predictWith(input, () => this.state.start);
  }

  async save(directory: string): Promise<void> {
    const { standardisation, scale, start, adapted, steps, path: tried } = this.state;
    const data: z.infer<typeof metaSchema> = {
      format: 'twostage.meta-learning',
      version: 1,
      hiddenUnits: this.network.units,
      features: standardisation.featureNames.map((name, k) => ({
        name,
        mean: standardisation.means[k]!,
        deviation: standardisation.deviations[k]!,
      })),
      target: scale,
      start: [...start],
      symbols: adapted.map((each) => ({ ...each, parameters: [...each.parameters] })),
      steps,
      path: {
        steps: [...tried.steps],
        support: [...tried.support],
        validation: [...tried.validation],
        unit: tried.unit,
      },
    };
    await writeFile(path.join(directory, modelFile), `${JSON.stringify(data)}\n`);
  }

  /** Mean over the symbols of how much the forecast moves with a standardised feature around the middle. */
  importances(): { feature: string; value: number }[] {
    const { adapted, standardisation } = this.state;
    const slopes = adapted.map(({ parameters }) => this.network.slopes(parameters));
    return standardisation.featureNames
      .map((feature, k) => ({
        feature,
        value: slopes.reduce((sum, slope) => sum + Math.abs(slope[k]!), 0) / Math.max(1, slopes.length),
      }))
      .sort((a, b) => b.value - a.value);
  }

  async figures(context: FigureContext): Promise<FigureInput[]> {
    return metaFigures(this, context);
  }

  async close(): Promise<void> {}

  #predictWith(
    { panel, rows }: Pick<PredictInput, 'panel' | 'rows'>,
    of: (symbol: number) => Float64Array,
  ): Float64Array {
    const { standardisation, scale } = this.state;
    const values = new Float64Array(rows.length);
    for (let start = 0; start < rows.length; start += predictRows) {
      const block = rows.subarray(start, start + predictRows);
      const matrix = standardise(panel, standardisation, block);
      for (let i = 0; i < block.length; i++) {
        const output = this.network.predict(of(panel.symbolOf[block[i]!]!), matrix, i);
        values[start + i] = unscaleTarget(output, scale);
      }
    }
    return values;
  }
}
