import type { FamilyDefinition, FamilyId, StageId } from '../families/family.ts';
import type { ModelTypes, RunConfig } from '../runs/config.ts';
import { type Scope, type TrainingSpec, trainingId } from '../runs/training.ts';
import { trainsOn } from './suitability.ts';

/** cpu, then TensorFlow, then Torch: libraries of two groups never share a process, and never a moment with stage cpu. */
export interface StagePlan {
  readonly stage: StageId;
  /** In the order in which they start. */
  readonly trainings: readonly TrainingSpec[];
}

const frameworkOrder = { cpu: 0, tensorflow: 1, torch: 2 } as const;

/** Families of the mode cross-sectional: all of stage cpu and the TensorFlow group, fourteen of the twenty. */
export const isCrossSectional = ({ framework }: Pick<FamilyDefinition, 'framework'>): boolean => framework !== 'torch';

/** The families a run trains, in running order: those of the mode, narrowed by `families` (empty: all). */
export function chooseFamilies(
  catalogue: readonly FamilyDefinition[],
  modelTypes: ModelTypes,
  families: readonly FamilyId[],
): FamilyDefinition[] {
  return catalogue
    .filter((family) => modelTypes !== 'cross-sectional' || isCrossSectional(family))
    .filter((family) => families.length === 0 || families.includes(family.id))
    .map((family, index) => ({ family, index }))
    .sort((a, b) => frameworkOrder[a.family.framework] - frameworkOrder[b.family.framework] || a.index - b.index)
    .map(({ family }) => family);
}

/** Where models are trained: one of all symbols, one each, or both. */
export interface Placement {
  readonly scope: RunConfig['scope'];
  /** Every symbol of the dataset; only `crossSectional` does without. */
  readonly symbols: readonly string[];
}

/**
 * Both stages, always in the order cpu, gpu; a stage may be empty. Within a family, models of all symbols come before those of
 * one, and targets keep their order; a family that learns targets together has one training of them all.
 * A family is not trained where a model has fewer symbols than it needs.
 */
export function planStages(
  families: readonly FamilyDefinition[],
  targets: readonly string[],
  { scope, symbols }: Placement = { scope: 'crossSectional', symbols: [] },
): [StagePlan, StagePlan] {
  const scopes: Scope[] = [
    ...(scope === 'symbol' ? [] : [{ kind: 'crossSectional' } as const]),
    ...(scope === 'crossSectional' ? [] : symbols.map((symbol) => ({ kind: 'symbol', symbol }) as const)),
  ];
  const distinct = [...new Set(targets)];
  const plan = (stage: StageId): StagePlan => ({
    stage,
    trainings: families
      .filter((family) => family.stage === stage)
      .flatMap((family) =>
        scopes
          .filter(({ kind }) => kind === 'crossSectional' || trainsOn(family, 1))
          .flatMap((place) => trainingsOf(family, distinct, place)),
      ),
  });
  return [plan('cpu'), plan('gpu')];
}

function trainingsOf(
  { id: family, stage, targets: how }: FamilyDefinition,
  targets: string[],
  scope: Scope,
): TrainingSpec[] {
  const [target, ...others] = targets;
  if (how === 'together' && target !== undefined && others.length > 0)
    return [{ id: trainingId(family, targets, scope), family, target, targets, scope, stage }];
  return targets.map((one) => ({ id: trainingId(family, one, scope), family, target: one, scope, stage }));
}

/** The lines printed before training, as the users of `--model-types` know them. */
export function summaryLines(families: readonly FamilyDefinition[], modelTypes: ModelTypes): string[] {
  const cpu = families.filter((family) => family.stage === 'cpu');
  const gpu = families.filter((family) => family.stage === 'gpu');
  const tensorflow = gpu.filter((family) => family.framework === 'tensorflow').length;
  const torch = gpu.filter((family) => family.framework === 'torch').length;
  const shown = cpu.slice(0, 5).map((family) => `'${family.id}'`);
  const what =
    modelTypes === 'cross-sectional' ? 'cross-sectional models only' : 'all models (sequential + cross-sectional)';
  const mode = {
    sequential: 'Sequential',
    'cross-sectional': 'Cross-sectional',
    both: 'Both',
  }[modelTypes];
  const count = (n: number) => `${n} ${n === 1 ? 'model' : 'models'}`;
  return [
    `🎯 ${mode} mode: training ${what}: ${count(families.length)}`,
    `📊 Stage 1 (CPU): ${count(cpu.length)} - [${shown.join(', ')}]${cpu.length > 5 ? '...' : ''}`,
    `📊 Stage 2 (GPU): ${count(gpu.length)} - ${tensorflow} TF, ${torch} Torch, ${gpu.length - tensorflow - torch} others`,
  ];
}
