import { featureConfigJson } from '@twostage/core/runs/featureExpressions';
import { planSourceName, type RunPlan } from '@twostage/core/plans/runPlan';
import { type RunConfig, runConfigSchema } from '@twostage/core/runs/config';

const safe = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** One word for a POSIX shell. */
export const shellQuote = (word: string): string => (safe.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/**
 * What to type in a terminal for the same numbers. Features of one's own go into a file that the command reads with
 * `--feature-config`, the few settings without a flag of their own into one for `--config`, and so does the plan of an approved
 * version: it is nowhere else in a terminal's reach.
 */
export function cliCommand(config: RunConfig): string {
  const defaults = runConfigSchema.parse({ dataDir: config.dataDir });
  const flags: string[][] = [['--data-dir', config.dataDir]];
  const flag = (name: string, value: number | string, standard: number | string) => {
    if (value !== standard) flags.push([name, String(value)]);
  };
  if (config.symbols.length > 0) flags.push(['--symbols', ...config.symbols]);
  flags.push(['--model-types', config.modelTypes]);
  if (config.families.length > 0) flags.push(['--families', ...config.families]);
  flags.push(['--targets', ...config.targets]);
  if (!config.plan && config.scope !== defaults.scope) flags.push(['--scope', config.scope]);
  flags.push(planFlag(config.plan));
  if (!config.packing) flags.push(['--no-packing']);
  if (config.allowLeaks) flags.push(['--allow-leaks']);
  flag('--target-lag', config.targetLagBars, defaults.targetLagBars);
  flag('--features', config.features, defaults.features);
  flag('--normalisation', config.normalisation, defaults.normalisation);
  flag('--folds', config.folds.count, defaults.folds.count);
  flag('--validation', config.folds.validation, defaults.folds.validation);
  flag('--groups', config.folds.groups, defaults.folds.groups);
  flag('--test-groups', config.folds.testGroups, defaults.folds.testGroups);
  flag('--holdout', config.folds.holdoutFraction, defaults.folds.holdoutFraction);
  flag('--lookback', config.lookback, defaults.lookback);
  flag('--cost-bps', config.costBasisPoints, defaults.costBasisPoints);
  flag('--seed', config.seed, defaults.seed);
  flag('--device', config.device, defaults.device);
  flag('--threads', config.threads, defaults.threads);
  flag('--deadline', config.deadlineSeconds, defaults.deadlineSeconds);
  flag('--memory-cap', config.memoryCapMb, defaults.memoryCapMb);
  const files: string[] = [];
  if (config.featureExpressions.length > 0) {
    files.push(fileOf('features.json', featureConfigJson(config.featureExpressions)));
    flags.push(['--feature-config', 'features.json']);
  }
  const settings = Object.entries(config.parameters).flatMap(([family, parameters]) =>
    Object.entries(parameters).map(([name, value]) => `${family}.${name}=${value}`),
  );
  if (settings.length > 0) flags.push(['--set', ...settings]);
  const rest = settingsWithoutFlag(config, defaults);
  if (rest) {
    files.push(fileOf('run.json', configText(rest)));
    flags.push(['--config', 'run.json']);
  }
  const words = flags.filter(({ length }) => length > 0).map((flag) => flag.map(shellQuote).join(' '));
  return [...files, ['npx twostage train', ...words].join(' \\\n  ')].join('\n');
}

/** Without a plan, one that happens to lie beside the results is not to be followed. */
function planFlag(plan: RunPlan | undefined): string[] {
  if (!plan) return ['--no-training-plan'];
  return plan.source.kind === 'file' ? ['--training-plan-dir', planSourceName(plan.source)] : [];
}

/** Settings a line each; of a plan a job a line. */
function configText({ plan, ...settings }: Record<string, unknown> & { plan?: RunPlan }): string {
  if (!plan) return JSON.stringify(settings, null, 2);
  const { jobs, ...origin } = plan;
  const planText = `${JSON.stringify(origin).slice(0, -1)},"jobs":[\n${jobs.map((job) => JSON.stringify(job)).join(',\n')}\n]}`;
  const lines = Object.entries(settings).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{\n${[...lines, `  "plan": ${planText}`].join(',\n')}\n}`;
}

const fileOf = (name: string, json: string): string => `cat > ${name} <<'JSON'\n${json}\nJSON`;

function settingsWithoutFlag(config: RunConfig, defaults: RunConfig): Record<string, unknown> | null {
  const { scheme, embargoBars, validationFraction } = config.folds;
  const folds = { scheme, embargoBars, validationFraction };
  const differing = Object.entries(folds).filter(([key, value]) => value !== defaults.folds[key as keyof typeof folds]);
  const rest = {
    ...(differing.length > 0 && { folds: Object.fromEntries(differing) }),
    ...(config.plan?.source.kind === 'version' && { plan: config.plan }),
    ...(config.quantiles !== defaults.quantiles && { quantiles: config.quantiles }),
  };
  return Object.keys(rest).length > 0 ? rest : null;
}
