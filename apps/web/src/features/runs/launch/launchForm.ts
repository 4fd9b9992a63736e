import { type FamilyId, familyIds } from '@twostage/core/families/family';
import { parameterFields } from '@twostage/core/families/parameters';
import {
  type FamilyParameters,
  type ModelTypes,
  type ParametersByFamily,
  type RunConfig,
  runConfigSchema,
} from '@twostage/core/runs/config';
import { chooseFamilies } from '@twostage/core/stages/planStages';
import { type Offer, whatLacks } from '@twostage/core/stages/suitability';
import { catalogue, families as allFamilies } from '@twostage/families/catalogue';
import type { z } from 'zod';
import { type StartRunInput, startRunInput } from '../../../server/contracts/runs.ts';

/** Values of the launch form: what the server takes, but every choice spelled out, defaults included. */
export interface LaunchValues {
  datasetId: string;
  config: Omit<RunConfig, 'dataDir' | 'plan' | 'parameters'> & { parameters: Record<FamilyId, FamilyParameters> };
}

/** A family's parameters as its definition sets them. */
export const defaultParameters = (family: FamilyId): FamilyParameters =>
  Object.fromEntries(parameterFields(catalogue[family]).map((field) => [field.name, field.default]));

/** Those parameters that differ from the defaults. */
export function changedParameters(family: FamilyId, given: FamilyParameters): FamilyParameters {
  const defaults = defaultParameters(family);
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value !== undefined && value !== defaults[name]),
  );
}

/** Families the mode allows, in running order. */
export const familiesOfMode = (mode: ModelTypes): FamilyId[] =>
  chooseFamilies(allFamilies, mode, []).map((family) => family.id);

/** The form as it opens, or, for a clone, as the given run was configured. */
export function launchValues(datasetId: string, config?: RunConfig): LaunchValues {
  // A plan is started from its approved version: a clone of its run is exploratory.
  const { dataDir: _, plan: __, parameters, ...rest } = config ?? runConfigSchema.parse({ dataDir: '-', name: 'run' });
  return {
    datasetId,
    config: {
      ...rest,
      name: config ? rest.name : '',
      families: rest.families.length > 0 ? rest.families : familiesOfMode(rest.modelTypes),
      parameters: Object.fromEntries(
        familyIds.map((family) => [family, { ...defaultParameters(family), ...parameters[family] }]),
      ) as Record<FamilyId, FamilyParameters>,
    },
  };
}

/**
 * What the form's choices have to offer a family.
 * @param datasetSymbols symbols of the chosen dataset; null: not known yet
 */
export const offerOf = (
  { symbols, targets, scope }: Pick<RunConfig, 'symbols' | 'targets' | 'scope'>,
  datasetSymbols: number | null,
): Offer => ({
  scope,
  symbols: symbols.length > 0 ? symbols.length : datasetSymbols, // No target is a fault of its own, told at its place.
  targets: Math.max(1, targets.length),
});

/** Families of the mode that can be trained on what there is, in running order. */
export const suitableFamilies = (mode: ModelTypes, offer: Offer): FamilyId[] =>
  familiesOfMode(mode).filter((family) => whatLacks(catalogue[family], offer) === null);

/** Families that the run will train: chosen, of the mode, and suitable. */
export const trainedFamilies = ({ modelTypes, families }: LaunchValues['config'], offer: Offer): FamilyId[] =>
  suitableFamilies(modelTypes, offer).filter((family) => families.includes(family));

/** What goes to the server: choices of "all" stay open, parameters only where they differ. */
export function startInput(values: LaunchValues, datasetSymbols: number | null): StartRunInput {
  const { config } = values;
  const offer = offerOf(config, datasetSymbols);
  const chosen = trainedFamilies(config, offer);
  const parameters: ParametersByFamily = {};
  for (const family of chosen) {
    const changed = changedParameters(family, config.parameters[family] ?? {});
    if (Object.keys(changed).length > 0) parameters[family] = changed;
  }
  return {
    datasetId: values.datasetId,
    config: {
      ...config,
      families: chosen.length === suitableFamilies(config.modelTypes, offer).length ? [] : chosen,
      parameters,
    },
  };
}

/** The same values with the parameters of chosen families only. */
export function withChosenParameters(values: LaunchValues): LaunchValues {
  const { families, parameters } = values.config;
  const kept = Object.entries(parameters).filter(([family]) => families.includes(family as FamilyId));
  return {
    ...values,
    config: { ...values.config, parameters: Object.fromEntries(kept) as LaunchValues['config']['parameters'] },
  };
}

/** The whole configuration, e.g. for the equivalent command; null while the form does not hold one. */
export function configOf(values: LaunchValues, dataDir: string, datasetSymbols: number | null): RunConfig | null {
  const parsed = runConfigSchema.safeParse({
    ...startInput(values, datasetSymbols).config,
    name: values.config.name || 'run',
    dataDir,
  });
  return parsed.success ? parsed.data : null;
}

export interface LaunchIssue {
  /** Dotted, e.g. `config.folds.count`. */
  readonly path: string;
  readonly message: string;
}

/**
 * Everything that is wrong with the form at once: by the server's own schema, and what only a form must ask, which is at
 * least one family and parameters within their bounds.
 */
export function launchIssues(values: LaunchValues, datasetSymbols: number | null): LaunchIssue[] {
  const asked = withChosenParameters(values);
  const issues = new Map<string, string>();
  // The last word is the family's own, which knows what the parameter should have been.
  const add = (path: PropertyKey[], message: string) => issues.set(path.map(String).join('.'), message);
  const parsed = startRunInput.safeParse(asked, { error: issueMessage });
  for (const issue of parsed.error?.issues ?? []) add(issue.path, issue.message);
  const { config } = asked;
  const chosen = trainedFamilies(config, offerOf(config, datasetSymbols));
  if (chosen.length === 0) {
    const ofMode = familiesOfMode(config.modelTypes).some((family) => config.families.includes(family));
    add(
      ['config', 'families'],
      ofMode ? 'none of the chosen families can be trained on this choice' : 'choose at least one family',
    );
  }
  for (const family of chosen) {
    const checked = catalogue[family].parameters.safeParse(config.parameters[family] ?? {}, { error: issueMessage });
    for (const issue of checked.error?.issues ?? []) {
      add(['config', 'parameters', family, ...issue.path], issue.message);
    }
  }
  return [...issues].map(([path, message]) => ({ path, message }));
}

/** Says what would be right, in few words; undefined leaves zod's own. */
export function issueMessage(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    if (issue.expected === 'int') return 'a whole number is needed';
    if (issue.expected === 'number') return 'a number is needed';
    return undefined;
  }
  if (issue.code === 'too_small' && issue.origin !== 'string' && issue.origin !== 'array') {
    return `${issue.minimum} or more`;
  }
  if (issue.code === 'too_big' && issue.origin !== 'string' && issue.origin !== 'array') {
    return `${issue.maximum} or less`;
  }
  if (issue.code === 'too_small' && issue.origin === 'string') return 'this is needed';
  return undefined;
}
