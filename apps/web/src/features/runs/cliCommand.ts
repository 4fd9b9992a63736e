import { type RunConfig, runConfigSchema } from '@twostage/core/runs/config';

const safe = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** One word for a POSIX shell. */
export const shellQuote = (word: string): string => (safe.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/**
 * What to type in a terminal for the same numbers. The few settings without a flag of their own go into a file that the
 * command reads with `--config`.
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
  if (config.scope !== defaults.scope) flags.push(['--scope', config.scope]);
  if (!config.packing) flags.push(['--no-packing']);
  if (config.allowLeaks) flags.push(['--allow-leaks']);
  flag('--target-lag', config.targetLagBars, defaults.targetLagBars);
  flag('--features', config.features, defaults.features);
  flag('--normalisation', config.normalisation, defaults.normalisation);
  flag('--folds', config.folds.count, defaults.folds.count);
  flag('--lookback', config.lookback, defaults.lookback);
  flag('--cost-bps', config.costBasisPoints, defaults.costBasisPoints);
  flag('--seed', config.seed, defaults.seed);
  flag('--device', config.device, defaults.device);
  flag('--threads', config.threads, defaults.threads);
  flag('--deadline', config.deadlineSeconds, defaults.deadlineSeconds);
  flag('--memory-cap', config.memoryCapMb, defaults.memoryCapMb);
  const settings = Object.entries(config.parameters).flatMap(([family, parameters]) =>
    Object.entries(parameters).map(([name, value]) => `${family}.${name}=${value}`),
  );
  if (settings.length > 0) flags.push(['--set', ...settings]);
  const rest = settingsWithoutFlag(config, defaults);
  if (rest) flags.push(['--config', 'run.json']);
  const command = ['npx twostage train', ...flags.map((words) => words.map(shellQuote).join(' '))].join(' \\\n  ');
  return rest ? `cat > run.json <<'JSON'\n${JSON.stringify(rest, null, 2)}\nJSON\n${command}` : command;
}

function settingsWithoutFlag(config: RunConfig, defaults: RunConfig): Record<string, unknown> | null {
  const { count: _, ...folds } = config.folds;
  const differing = Object.entries(folds).filter(([key, value]) => value !== defaults.folds[key as keyof typeof folds]);
  const rest = {
    ...(differing.length > 0 && { folds: Object.fromEntries(differing) }),
    ...(Object.keys(config.featureExpressions).length > 0 && { featureExpressions: config.featureExpressions }),
    ...(config.quantiles !== defaults.quantiles && { quantiles: config.quantiles }),
  };
  return Object.keys(rest).length > 0 ? rest : null;
}
