import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '@twostage/core/errors';
import { familyIds } from '@twostage/core/families/family';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '@twostage/core/runs/config';
import { catalogue } from '@twostage/families/catalogue';
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
  readonly costBps?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly device?: string;
  readonly lookback?: number;
  readonly deadline?: number;
  readonly memoryCap?: number;
  readonly set?: string[];
  readonly config?: string;
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
 * The config of a run from --config FILE and the flags; a flag wins over the file.
 * @throws UsageError one line: what was wrong, and what would be right
 */
export async function resolveRunConfig(flags: TrainFlags): Promise<RunConfig> {
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
    input.featureExpressions = await readJsonObject(
      '--feature-config',
      flags.featureConfig,
      'an SQL expression a feature, by its name',
    );
  put('scope', flags.scope === 'cross-sectional' ? 'crossSectional' : flags.scope);
  // commander says true where --no-packing is absent: what the file says stands.
  if (flags.packing === false) input.packing = false;
  put('allowLeaks', flags.allowLeaks);
  if (flags.folds !== undefined) input.folds = { ...(file.folds as object | undefined), count: flags.folds };
  put('costBasisPoints', flags.costBps);
  put('seed', flags.seed);
  put('threads', flags.threads);
  put('device', flags.device);
  put('lookback', flags.lookback);
  put('deadlineSeconds', flags.deadline);
  put('memoryCapMb', flags.memoryCap);
  input.parameters = mergeSettings(file.parameters, flags.set ?? []);
  if (typeof input.dataDir !== 'string' || input.dataDir === '')
    throw new UsageError(
      '--data-dir is missing: the folder with one CSV or Parquet file a symbol, e.g. --data-dir data/djia',
    );
  input.dataDir = path.resolve(input.dataDir);
  const parsed = runConfigSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const nameOf = (at: PropertyKey[]) => {
    const known = flagOf[at.slice(0, 2).join('.')] ?? flagOf[String(at[0])];
    return known ?? at.join('.');
  };
  throw new UsageError(issueLine(parsed.error, nameOf, input));
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
