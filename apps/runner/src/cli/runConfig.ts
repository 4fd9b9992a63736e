import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '@twostage/core/errors';
import { familyIds } from '@twostage/core/families/family';
import { jobName } from '@twostage/core/plans/jobPlaces';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '@twostage/core/runs/config';
import { featuresByName } from '@twostage/core/runs/featureExpressions';
import { catalogue } from '@twostage/families/catalogue';
import type { ChosenPlan } from './trainingPlan.ts';
import { issueLine, UsageError, unknownName } from './usage.ts';

/** The flags of `train` that decide what is computed, as commander hands them over. */
export interface TrainFlags {
  readonly name?: string;
  readonly dataDir?: string;
  readonly symbols?: string[];
  readonly modelTypes?: string;
  readonly families?: string[];
  readonly targets?: string[];
  readonly targetLag?: number;
  readonly features?: string;
  readonly normalisation?: string;
  readonly featureConfig?: string;
  readonly scope?: string;
  readonly packing?: boolean;
  readonly allowLeaks?: boolean;
  readonly folds?: number;
  readonly validation?: string;
  readonly groups?: number;
  readonly testGroups?: number;
  readonly holdout?: number;
  readonly costBps?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly device?: string;
  readonly lookback?: number;
  readonly deadline?: number;
  readonly memoryCap?: number;
  readonly set?: string[];
  readonly config?: string;
  /** false: --no-training-plan */
  readonly trainingPlan?: boolean;
}

/** Where in the config a flag's value goes; used to name the flag when the value is refused. */
const flagOf: Record<string, string> = {
  name: '--name',
  dataDir: '--data-dir',
  symbols: '--symbols',
  modelTypes: '--model-types',
  families: '--families',
  targets: '--targets',
  targetLagBars: '--target-lag',
  features: '--features',
  normalisation: '--normalisation',
  featureExpressions: '--feature-config',
  scope: '--scope',
  'folds.count': '--folds',
  'folds.validation': '--validation',
  'folds.groups': '--groups',
  'folds.testGroups': '--test-groups',
  'folds.holdoutFraction': '--holdout',
  folds: '--folds',
  costBasisPoints: '--cost-bps',
  seed: '--seed',
  threads: '--threads',
  device: '--device',
  lookback: '--lookback',
  deadlineSeconds: '--deadline',
  memoryCapMb: '--memory-cap',
};

/**
 * The config of a run from --config FILE and the flags; a flag wins over the file. A plan that is given wins over the file's, the
 * file's over one that was found; where no targets are named, they are those of the plan.
 * @throws UsageError one line: what was wrong, and what would be right
 */
export async function resolveRunConfig(flags: TrainFlags, chosen: ChosenPlan | null = null): Promise<RunConfig> {
  const file = flags.config === undefined ? {} : await readConfigFile(flags.config);
  checkNames('family', [...list(flags.families), ...list(file.families)], familyIds);
  const input: Record<string, unknown> = { ...file };
  const put = (key: string, value: unknown) => {
    if (value !== undefined) input[key] = value;
  };
  put('name', flags.name);
  put('dataDir', flags.dataDir);
  put('symbols', flags.symbols && list(flags.symbols));
  put('modelTypes', flags.modelTypes);
  put('families', flags.families && list(flags.families));
  put('targets', flags.targets && list(flags.targets));
  put('targetLagBars', flags.targetLag);
  put('features', flags.features);
  put('normalisation', flags.normalisation);
  if (flags.featureConfig !== undefined)
    input.featureExpressions = featuresByName(
      await readJsonObject('--feature-config', flags.featureConfig, 'an SQL expression a feature, by its name'),
    );
  put('scope', flags.scope === 'cross-sectional' ? 'crossSectional' : flags.scope);
  // commander says true where --no-packing is absent: what the file says stands.
  if (flags.packing === false) input.packing = false;
  put('allowLeaks', flags.allowLeaks);
  const folds = given({
    count: flags.folds,
    validation: flags.validation,
    groups: flags.groups,
    testGroups: flags.testGroups,
    holdoutFraction: flags.holdout,
  });
  if (Object.keys(folds).length > 0) input.folds = { ...(file.folds as object | undefined), ...folds };
  put('costBasisPoints', flags.costBps);
  put('seed', flags.seed);
  put('threads', flags.threads);
  put('device', flags.device);
  put('lookback', flags.lookback);
  put('deadlineSeconds', flags.deadline);
  put('memoryCapMb', flags.memoryCap);
  if (chosen && (chosen.how === 'given' || file.plan === undefined)) input.plan = chosen.plan;
  if (flags.trainingPlan === false) delete input.plan;
  const planTargets = input.targets === undefined ? targetsOf(input.plan) : undefined;
  put('targets', planTargets);
  input.parameters = mergeSettings(file.parameters, flags.set ?? []);
  if (typeof input.dataDir !== 'string' || input.dataDir === '')
    throw new UsageError(
      '--data-dir is missing: the folder with one CSV or Parquet file a symbol, e.g. --data-dir data/djia',
    );
  input.dataDir = path.resolve(input.dataDir);
  const parsed = runConfigSchema.safeParse(input);
  if (parsed.success) {
    if (parsed.data.plan && flags.scope !== undefined)
      throw new UsageError(
        '--scope: the training plan decides which models are of one symbol; leave it out, or add --no-training-plan',
      );
    return parsed.data;
  }
  const nameOf = (at: PropertyKey[]) => {
    const job = at[0] === 'targets' && planTargets ? jobOfTarget(input.plan, planTargets[Number(at[1])]) : null;
    if (job !== null) return job;
    const known = flagOf[at.slice(0, 2).join('.')] ?? flagOf[String(at[0])];
    return known ?? at.join('.');
  };
  throw new UsageError(issueLine(parsed.error, nameOf, input));
}

const given = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
/** Where a target that the run has from its plan stands: `jobs.3.target: job aapl (close, AAPL)`. */
function jobOfTarget(plan: unknown, target: string | undefined): string | null {
  const { jobs } = plan as ChosenPlan['plan'];
  const at = jobs.findIndex((job) => job.target === target);
  return at < 0 ? null : `jobs.${at}.target: ${jobName(jobs[at]!)}`;
}

/** In the order of the plan; undefined where there is none, or what is there is none: the schema says so. */
function targetsOf(plan: unknown): string[] | undefined {
  const jobs = (plan as ChosenPlan['plan'] | undefined)?.jobs;
  return Array.isArray(jobs) && jobs.length > 0 ? [...new Set(jobs.map(({ target }) => target))] : undefined;
}

async function readConfigFile(file: string): Promise<Partial<Record<keyof RunConfigInput, unknown>>> {
  const json = await readJsonObject('--config', file, "the fields of a run's config");
  // The run.json of an earlier run repeats it.
  if ('runId' in json && 'config' in json && json.config !== null && typeof json.config === 'object')
    return json.config;
  checkNames('field', Object.keys(json), Object.keys(runConfigSchema.shape), `--config: ${file}: `);
  return json;
}

async function readJsonObject(flag: string, file: string, expected: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new UsageError(`${flag}: ${file} cannot be read; expected a JSON file with ${expected}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${flag}: ${file} is not JSON: ${messageOf(error)}`);
  }
  if (json === null || typeof json !== 'object' || Array.isArray(json))
    throw new UsageError(`${flag}: ${file} holds ${Array.isArray(json) ? 'a list' : typeof json}; expected an object`);
  return json as Record<string, unknown>;
}

/** Adds `LightGBM.rounds=200` of --set to the file's parameters; values are checked when the run is planned. */
function mergeSettings(fromFile: unknown, settings: readonly string[]): unknown {
  if (fromFile !== undefined && (fromFile === null || typeof fromFile !== 'object')) return fromFile;
  checkNames('family', Object.keys(fromFile ?? {}), familyIds, 'parameters: ');
  const merged: Record<string, Record<string, unknown>> = structuredClone((fromFile ?? {}) as typeof merged);
  for (const setting of settings) {
    const [, family, parameter, value] = /^([^.=]+)\.([^.=]+)=(.+)$/.exec(setting) ?? [];
    if (family === undefined || parameter === undefined || value === undefined)
      throw new UsageError(`--set expects FAMILY.PARAMETER=VALUE, e.g. LightGBM.rounds=200, got "${setting}"`);
    checkNames('family', [family], familyIds, '--set: ');
    const known = Object.keys(catalogue[family as keyof typeof catalogue].parameters.shape);
    checkNames(`parameter of ${family}`, [parameter], known, '--set: ');
    merged[family] = { ...merged[family], [parameter]: literal(value) };
  }
  return merged;
}

function literal(text: string): number | boolean | string {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}

/** Space-separated, and comma-separated for those who are used to it. */
function list(values: unknown): string[] {
  if (!Array.isArray(values)) return [];
  return values.flatMap((value) => (typeof value === 'string' ? value.split(',').filter((part) => part !== '') : []));
}

function checkNames(what: string, names: readonly string[], known: readonly string[], where = ''): void {
  const wrong = names.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new UsageError(where + unknownName(what, wrong, known));
}
