import type { RunConfig } from '@twostage/core/runs/config';
import { runConfigSchema } from '@twostage/core/runs/config';

const safe = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** One word for a POSIX shell. */
export const shellQuote = (word: string): string => (safe.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * What to type in a terminal for the same numbers. Settings without a flag of their own go into a file that the
 * command reads with `--config`.
 */
export function cliCommand(config: RunConfig): string {
  const defaults = runConfigSchema.parse({ dataDir: config.dataDir });
  const flags: string[][] = [['--data-dir', config.dataDir]];
  if (config.symbols.length > 0) flags.push(['--symbols', ...config.symbols]);
  flags.push(['--model-types', config.modelTypes]);
  if (config.families.length > 0) flags.push(['--families', ...config.families]);
  flags.push(['--targets', ...config.targets]);
  if (config.folds.count !== defaults.folds.count) flags.push(['--folds', String(config.folds.count)]);
  if (config.seed !== defaults.seed) flags.push(['--seed', String(config.seed)]);
  if (config.device !== defaults.device) flags.push(['--device', config.device]);
  if (config.threads !== defaults.threads) flags.push(['--threads', String(config.threads)]);
  const file = settingsWithoutFlag(config, defaults);
  if (Object.keys(file).length > 0) flags.push(['--config', 'run.json']);
  const command = ['npx twostage train', ...flags.map((flag) => flag.map(shellQuote).join(' '))].join(' \\\n  ');
  if (Object.keys(file).length === 0) return command;
  return `cat > run.json <<'JSON'\n${JSON.stringify(file, null, 2)}\nJSON\n${command}`;
}

function settingsWithoutFlag(config: RunConfig, defaults: RunConfig): Record<string, unknown> {
  const file: Record<string, unknown> = {};
  const { count: _ours, ...folds } = config.folds;
  const { count: _default, ...defaultFolds } = defaults.folds;
  const differing = Object.entries(folds).filter(([key, value]) => value !== defaultFolds[key as keyof typeof folds]);
  if (differing.length > 0) file.folds = Object.fromEntries(differing);
  for (const key of ['lookback', 'deadlineSeconds', 'memoryCapMb', 'parameters'] as const) {
    if (!same(config[key], defaults[key])) file[key] = config[key];
  }
  return file;
}
