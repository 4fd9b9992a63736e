import { breaks, costs, futureLeak, perSymbol, regime } from './changing.ts';
import { predictability } from './predictability.ts';
import type { Scenario } from './scenario.ts';
import { memory, memoryContext, motif, retrieval } from './sequences.ts';
import {
  bimodal,
  heteroscedastic,
  interaction,
  linearSparse,
  manifold,
  mixed,
  multiHorizon,
  nothing,
} from './tabular.ts';

export const scenarios = {
  interaction,
  heteroscedastic,
  costs,
  regime,
  break: breaks,
  'linear-sparse': linearSparse,
  mixed,
  'per-symbol': perSymbol,
  manifold,
  bimodal,
  'multi-horizon': multiHorizon,
  motif,
  memory,
  retrieval,
  'memory+context': memoryContext,
  null: nothing,
  'future-leak': futureLeak,
  predictability,
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];
