import type { FamilyDefinition, FamilyId, StageId } from '../families/family.ts';
import type { ModelTypes } from '../runs/config.ts';
import { type TrainingSpec, trainingId } from '../runs/training.ts';

/** cpu, then TensorFlow, then Torch: libraries of two groups never share a process, and never a moment with stage cpu. */
export interface StagePlan {
  readonly stage: StageId;
  /** In the order in which they start. */
  readonly trainings: readonly TrainingSpec[];
}

const frameworkOrder = { cpu: 0, tensorflow: 1, torch: 2 } as const;

/** The families a run trains, in running order: those of the mode, narrowed by `families` (empty: all). */
export function chooseFamilies(
  catalogue: readonly FamilyDefinition[],
  modelTypes: ModelTypes,
  families: readonly FamilyId[],
): FamilyDefinition[] {
  return catalogue
    .filter((family) => modelTypes !== 'cross-sectional' || family.input === 'tabular')
    .filter((family) => families.length === 0 || families.includes(family.id))
    .map((family, index) => ({ family, index }))
    .sort((a, b) => frameworkOrder[a.family.framework] - frameworkOrder[b.family.framework] || a.index - b.index)
    .map(({ family }) => family);
}

/** Both stages, always in the order cpu, gpu; a stage may be empty. Targets keep their order within a family. */
export function planStages(families: readonly FamilyDefinition[], targets: readonly string[]): [StagePlan, StagePlan] {
  const scope = { kind: 'crossSectional' } as const;
  const plan = (stage: StageId): StagePlan => ({
    stage,
    trainings: families
      .filter((family) => family.stage === stage)
      .flatMap((family) =>
        targets.map((target) => ({
          id: trainingId(family.id, target, scope),
          family: family.id,
          target,
          scope,
          stage,
        })),
      ),
  });
  return [plan('cpu'), plan('gpu')];
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
