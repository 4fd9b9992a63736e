import type { Command } from 'commander';
import { exitingWith } from '../exitingWith.ts';
import { wholeNumber } from '../wholeNumber.ts';

/** `twostage plan …`: a subcommand a file. */
export function addPlan(root: Command): void {
  const plan = root
    .command('plan')
    .description('training plans: what to train, target by target and symbol by symbol, and what not')
    .addHelpText(
      'after',
      `
Examples
  twostage plan build --data-dir data/djia --targets fwd_ret_1d fwd_ret_5d
  twostage plan check globals/training_plan
  twostage plan show globals/training_plan --data-dir data/djia
  twostage plan diff last-month/training_plan globals/training_plan`,
    );
  plan
    .command('build')
    .description('make a plan: measure what can be predicted, of all symbols and of each, and route it')
    .option('--data-dir <dir>', 'folder of market data, as for train')
    .option('--targets <targets...>', 'what to judge, as for train (default: fwd_ret_1d)')
    .option('--symbols <symbols...>', 'symbols to judge (default: every one found)')
    .option('--families <families...>', 'families that the plan may name (default: every one)')
    .option('--target-lag <bars>', 'bars between a signal and its entry (default: 1)', wholeNumber)
    .option('--features <set>', 'alpha158, basic or given, as for train')
    .option('--normalisation <how>', 'robust-z, rank or none, as for train')
    .option('--feature-config <file>', 'JSON file with features of your own, as for train')
    .option('--policy <file>', 'JSON file with thresholds that differ from the defaults, or a plan: then by its policy')
    .option('--permutations <n>', 'how often each target is turned round in time (default: 199)', wholeNumber)
    .option('--output-dir <dir>', 'the plan goes to globals/training_plan below it (default: results)')
    .option('--seed <n>', 'same seed, same data: same plan (default: 42)', wholeNumber)
    .option('--threads <n>', 'processes that measure at once (default: every core)', wholeNumber)
    .option('--json', 'progress and result as lines of JSON')
    .action(exitingWith(async (flags) => (await import('./build.ts')).buildPlanCommand(flags)));
  plan
    .command('show')
    .description('jobs by route, targets, symbols, families, and how long they may take')
    .argument('<plan>', 'a master_training_plan.json, or the folder that holds one')
    .option('--data-dir <dir>', 'market data to train on: for the estimate, and to see which symbols there are')
    .option('--results <dir>', 'earlier runs by which time and memory are estimated (default: results)')
    .option('--markdown', 'as Markdown, for training_plan.md')
    .option('--json', 'as JSON')
    .action(exitingWith(async (place, flags) => (await import('./show.ts')).showPlan(place, flags)));
  plan
    .command('check')
    .description('whether a plan can be executed; each fault by its path, exit code 2')
    .argument('<plan>', 'a master_training_plan.json, or the folder that holds one')
    .option('--data-dir <dir>', 'market data: check symbols and targets, too')
    .option('--json', 'as JSON')
    .action(exitingWith(async (place, flags) => (await import('./check.ts')).checkPlan(place, flags)));
  plan
    .command('diff')
    .description('what one plan decides otherwise than another, job by job; exit code 1 where there is a difference')
    .argument('<before>', 'a plan, or its folder')
    .argument('<after>', 'a plan, or its folder')
    .option('--json', 'as JSON')
    .action(
      exitingWith(async (before, after, flags) => (await import('./diff.ts')).comparePlans(before, after, flags)),
    );
}
