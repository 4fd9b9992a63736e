import type { Uncertainty } from '@twostage/core/evaluation/uncertainty';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { fitRidge, predictRidge } from '@twostage/families/linear/ridge';
import { askedOf, fitFamily, fitInputOf } from './fitFamily.ts';
import type { Ground } from './ground.ts';
import type { Forecast } from './scores.ts';

/** What a family has to beat and that is none itself. */
export const rivals = {
  /** One line for all symbols, its penalty chosen on the validation block. */
  ridge: async (ground: Ground): Promise<Forecast> => ({ values: ridgeForecast(ground, ground.rows.test) }),

  perSymbolRidge: async ({ panel, targets: [{ values: target }], rows }: Ground): Promise<Forecast> => {
    const values = new Float64Array(rows.test.length);
    for (const symbol of panel.symbols.keys()) {
      const own = (block: RowIndices) => block.filter((row) => panel.symbolOf[row] === symbol);
      const fit = fitRidge({ panel, target, train: own(rows.train), validation: own(rows.validation) });
      const predicted = predictRidge(fit, panel, own(rows.test));
      let next = 0;
      rows.test.forEach((row, i) => {
        if (panel.symbolOf[row] === symbol) values[i] = predicted[next++]!;
      });
    }
    return { values };
  },

  signOfRidge: async (ground: Ground): Promise<Forecast> => ({
    values: ridgeForecast(ground, ground.rows.test).map(Math.sign),
    positions: true,
  }),

  /** Ridge, and around it the quantiles of its mistakes on the validation block, the same at every row. */
  constantIntervals: async (ground: Ground): Promise<Forecast> => {
    const values = ridgeForecast(ground, ground.rows.test);
    const levels = [0.1, 0.5, 0.9];
    const sorted = mistakes(ground).sort();
    const offsets = levels.map((level) => sorted[Math.round(level * (sorted.length - 1))]!);
    const quantiles = Float64Array.from(
      { length: values.length * levels.length },
      (_, i) => values[Math.floor(i / levels.length)]! + offsets[i % levels.length]!,
    );
    return { values, uncertainty: { kind: 'quantiles', levels, values: quantiles } };
  },

  /** A Normal around ridge, as wide at every row as its mistakes on the validation block. */
  oneNormal: async (ground: Ground): Promise<Forecast> => {
    const values = ridgeForecast(ground, ground.rows.test);
    const errors = mistakes(ground);
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    const uncertainty: Uncertainty = { kind: 'normal', deviations: new Float64Array(values.length).fill(deviation) };
    return { values, uncertainty };
  },

  /** The bases of Ensemble alone; `ridge` is the third. */
  boostingBase: (ground: Ground): Promise<Forecast> => baseOfEnsemble(ground, 'boosting'),
  forestBase: (ground: Ground): Promise<Forecast> => baseOfEnsemble(ground, 'forest'),

  /** An MLP for each target on its own. */
  separateMlps: async (ground: Ground): Promise<Forecast> => {
    const byTarget: Float64Array[] = [];
    for (const target of ground.targets) {
      byTarget.push((await fitFamily('MLP', { ...ground, targets: [target] })).forecast.values);
    }
    return { values: byTarget[0]!, byTarget };
  },

  /** An MLP that sees every bar of the window as features of their own. */
  flattenedMlp: async (ground: Ground): Promise<Forecast> =>
    (await fitFamily('MLP', { ...ground, panel: flattened(ground.panel, ground.lookback) })).forecast,
} satisfies Record<string, (ground: Ground) => Promise<Forecast>>;

export type RivalId = keyof typeof rivals;

function ridgeForecast({ panel, targets: [{ values: target }], rows }: Ground, asked: RowIndices): Float64Array {
  return predictRidge(fitRidge({ panel, target, train: rows.train, validation: rows.validation }), panel, asked);
}

/** Of ridge on the validation block. */
function mistakes(ground: Ground): Float64Array {
  const { validation } = ground.rows;
  const target = ground.targets[0].values;
  return ridgeForecast(ground, validation).map((value, i) => target[validation[i]!]! - value);
}

async function baseOfEnsemble(ground: Ground, base: 'boosting' | 'forest'): Promise<Forecast> {
  const [{ fitBases }, { closeBases, predictBases }] = await Promise.all([
    import('@twostage/families/ensemble/fitBases'),
    import('@twostage/families/ensemble/bases'),
  ]);
  const bases = await fitBases(fitInputOf('Ensemble', ground), ground.rows, async () => {});
  try {
    return { values: (await predictBases(bases, askedOf(ground)))[base] };
  } finally {
    await closeBases(bases);
  }
}

/** Feature j of k bars ago as a feature of its own; missing at the first bars of a symbol. */
function flattened(panel: Panel, lookback: number): Panel {
  const { rows, symbolOf, features, featureNames } = panel;
  const lags = Array.from({ length: lookback }, (_, lag) => lag);
  const wide = new Float32Array(features.length * lookback).fill(Number.NaN);
  for (const feature of featureNames.keys()) {
    for (const lag of lags) {
      const [from, to] = [feature * rows, (feature * lookback + lag) * rows];
      for (let row = lag; row < rows; row++) {
        if (symbolOf[row - lag] === symbolOf[row]) wide[to + row] = features[from + row - lag]!;
      }
    }
  }
  return {
    ...panel,
    features: wide,
    featureNames: featureNames.flatMap((name) => lags.map((lag) => `${name}_${lag}`)),
  };
}
