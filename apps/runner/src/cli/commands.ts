import { familyIds } from '@twostage/core/families/family';
import { scenarios } from '@twostage/data/simulate/scenarios/catalogue';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitingWith } from './exitingWith.ts';
import { addPlan } from './plan/commands.ts';
import { wholeNumber } from './wholeNumber.ts';

/** The commands and their flags. What a command does is loaded when it is called, so that --help is quick. */
export function addCommands(root: Command): void {
  addTrain(root);
  addPlan(root);
  addData(root);
  addResults(root);
  addInstallation(root);
}

function number(value: string): number {
  if (value.trim() === '' || !Number.isFinite(Number(value))) throw new InvalidArgumentError('Expected a number.');
  return Number(value);
}

function addTrain(root: Command): void {
  root
    .command('train')
    .description('train families on a folder of market data; shows progress, then a leaderboard')
    .option('--data-dir <dir>', 'folder with one CSV or Parquet file a symbol')
    .option('--symbols <symbols...>', 'symbols to train on (default: every one found)')
    .option(
      '--model-types <types>',
      'sequential or both: every family; cross-sectional: those of stage 1 and TensorFlow (default: sequential)',
    )
    .option('--families <families...>', `only these of ${familyIds.join(', ')}`)
    .option(
      '--targets <targets...>',
      'forward returns fwd_ret_{k}d over k days, fwd_ret_{k}b over k bars; fwd_excess_, fwd_volret_, fwd_dir_ alike: over the mean of the symbols, in standard deviations, up or not; or a column y_* or target_* (default: fwd_ret_1d)',
    )
    .option('--target-lag <bars>', 'bars between a signal and its entry (default: 1)', wholeNumber)
    .addOption(
      new Option(
        '--features <set>',
        "alpha158; basic: forty-odd of them; given: the files' own columns only (default: alpha158)",
      ).choices(['alpha158', 'basic', 'given']),
    )
    .addOption(
      new Option(
        '--normalisation <how>',
        'of features across the symbols of each bar, from five symbols on (default: robust-z)',
      ).choices(['robust-z', 'rank', 'none']),
    )
    .option(
      '--feature-config <file>',
      'JSON file with features of your own, SQL by name: {"momentum": "close / avg(close) OVER w20 - 1"}',
    )
    .addOption(
      new Option(
        '--scope <scope>',
        'models of all symbols together, of each symbol, or both (default: cross-sectional)',
      ).choices(['cross-sectional', 'symbol', 'both']),
    )
    .option('--output-dir <dir>', 'where the results go (default: results/<time>)')
    .option('--overwrite', 'replace the run that the output folder holds')
    .option('--folds <n>', 'walk-forward folds (default: 3)', wholeNumber)
    .addOption(
      new Option(
        '--validation <scheme>',
        'walk-forward; cpcv: combinatorial purged cross-validation, which also trains on what came after a tested block and so tells how far a backtest is luck, not what trading would have brought (default: walk-forward)',
      ).choices(['walk-forward', 'cpcv']),
    )
    .option('--groups <n>', 'of cpcv: groups the bars are cut into (default: 6)', wholeNumber)
    .option('--test-groups <k>', 'of cpcv: how many are tested at a time (default: 2)', wholeNumber)
    .option(
      '--holdout <share>',
      'share of the bars kept from the end, e.g. 0.15: no fold sees them, and a model of all before is judged on them last (default: 0, none)',
      number,
    )
    .option('--lookback <bars>', 'bars a sequence family sees (default: 20)', wholeNumber)
    .option(
      '--cost-bps <n>',
      'cost of trading in the portfolio that judges forecasts, in basis points of what is traded (default: 5)',
      number,
    )
    .option('--seed <n>', 'same seed, same data: same numbers on CPU (default: 42)', wholeNumber)
    .option('--threads <n>', 'threads a training may use (default: every core)', wholeNumber)
    .option('--no-packing', 'one training after another in stage 1, instead of as many as keep the cores busy')
    .option('--allow-leaks', 'train although a feature seems to know the future; the run is marked')
    .option('--device <device>', 'auto, cpu, cuda or webgpu, for stage 2 (default: auto)')
    .option('--deadline <seconds>', 'wall time one training may take (default: 3600)', wholeNumber)
    .option('--memory-cap <mb>', 'memory one training may take (default: 4096)', wholeNumber)
    .option('--set <settings...>', 'parameters as FAMILY.NAME=VALUE; `twostage families` lists them')
    .option('--config <file>', 'JSON file with the fields of run.json\'s "config"; flags win over it')
    .option(
      '--training-plan-dir <dir>',
      'folder with a master_training_plan.json to execute (default: one in its place beside the output folder)',
    )
    .option('--no-training-plan', 'train without a plan, whether or not there is one')
    .option('--name <name>', 'name of the run, for people')
    .option(
      '--report [file]',
      'write the tear sheets of all trainings as one HTML file (default: report.html in the output folder)',
    )
    .option('--json', 'print every event as one line of JSON, and nothing else')
    .addHelpText(
      'after',
      `
Examples
  twostage train --data-dir data/djia --symbols AAPL MSFT GOOGL --model-types sequential --output-dir results/first
  twostage train --data-dir data/djia --families LightGBM LSTM --targets fwd_ret_1d fwd_ret_5d --folds 5
  twostage train --data-dir data/djia --families LightGBM --set LightGBM.rounds=200 LightGBM.leaves=15
  twostage train --data-dir data/djia --features basic --normalisation rank --feature-config features.json
  twostage train --data-dir data/djia --families LightGBM --validation cpcv --holdout 0.15
  twostage train --data-dir data/djia --families LightGBM MLP --output-dir results/first --report
  twostage train --config results/first/run.json --output-dir results/again

Exit code: 0 all trained, 1 some training failed (the others' results stand), 2 bad usage or bad input, 130 interrupted`,
    )
    .action(exitingWith(async (flags) => (await import('./train.ts')).train(flags)));
}

function addData(root: Command): void {
  root
    .command('inspect')
    .description('what a folder of market data holds, and everything that is odd in it; trains and writes nothing')
    .argument('<dir>', 'folder with one CSV or Parquet file a symbol')
    .option('--symbols <symbols...>', 'only these (default: every one found)')
    .option('--top <n>', 'findings and symbols shown, the worst first (default: 20)', wholeNumber)
    .option('--threads <n>', 'default: every core', wholeNumber)
    .option('--json', 'as JSON, everything')
    .addHelpText(
      'after',
      `
Example
  twostage inspect data/djia --symbols AAPL MSFT

Exit code: 0 the folder can be trained on, 2 it cannot be used`,
    )
    .action(exitingWith(async (directory, flags) => (await import('./inspect.ts')).inspect(directory, flags)));
}

function addResults(root: Command): void {
  root
    .command('families')
    .description('the families that train, or the parameters of one')
    .argument('[family]')
    .option('--json', 'as JSON')
    .action(exitingWith(async (family, flags) => (await import('./families.ts')).showFamilies(family, flags)));
  root
    .command('runs')
    .description('list the runs under a folder')
    .argument('[dir]', 'folder to search', 'results')
    .option('--json', 'as JSON')
    .action(exitingWith(async (directory, flags) => (await import('./runs.ts')).listRuns(directory, flags)));
  root
    .command('compare')
    .description('runs side by side: what differs in their configuration, and their metrics')
    .argument('<runs...>', 'two or more output folders')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample\n  twostage compare results/first results/second')
    .action(exitingWith(async (directories, flags) => (await import('./compare.ts')).compareRuns(directories, flags)));
  root
    .command('report')
    .description('the tear sheets of a run as one HTML file: no network, no script, opens anywhere and prints')
    .argument('<run>', 'output folder of the run')
    .option('--output <file>', 'default: report.html in the folder of the run')
    .addHelpText('after', '\nExample\n  twostage report results/first --output first.html')
    .action(exitingWith(async (run, flags) => (await import('./report/report.ts')).report(run, flags)));
  root
    .command('predict')
    .description('predict a folder of market data with a model that a run saved')
    .argument('<run>', 'output folder of the run')
    .option('--training <id>', 'which training, e.g. LightGBM.fwd_ret_1d.all (default: the one with the best IC)')
    .option(
      '--fold <n>',
      'model of which fold, 1 is the first (default: the last, or that of all before the holdout)',
      wholeNumber,
    )
    .option('--data-dir <dir>', 'market data (default: that of the run)')
    .option('--symbols <symbols...>', 'default: every one found')
    .option('--output <file>', 'a .csv or .parquet file (default: predictions.csv)')
    .option('--threads <n>', 'default: every core', wholeNumber)
    .addHelpText('after', '\nExample\n  twostage predict results/first --data-dir data/new --output tomorrow.csv')
    .action(exitingWith(async (run, flags) => (await import('./predict.ts')).predict(run, flags)));
}

function addInstallation(root: Command): void {
  root
    .command('doctor')
    .description('engines found, with version, path and device; for each missing one the command that installs it')
    .option('--json', 'as JSON')
    .action(exitingWith(async (flags) => (await import('./doctor.ts')).doctor(flags)));
  root
    .command('simulate')
    .description('write a simulated market: factors, volatility clusters and planted signals of known strength')
    .requiredOption('--output-dir <dir>', 'a new or an empty folder')
    .option('--scenario <name>', 'instead of a market, a panel on which one kind of model has something to find')
    .option('--symbols <n>', 'how many symbols', wholeNumber)
    .option('--bars <n>', 'how many daily bars', wholeNumber)
    .option('--seed <n>', 'same seed, same data', wholeNumber)
    .addHelpText(
      'after',
      () => `
Scenarios
${scenarioLines().join('\n')}

Example
  twostage simulate --scenario memory --output-dir data/memory`,
    )
    .action(exitingWith(async (flags) => (await import('./simulate.ts')).simulate(flags)));
  root
    .command('daemon')
    .description('lease runs from the database and execute them; `npm start` starts one')
    .action(exitingWith(async () => (await import('./daemon.ts')).daemon()));
}

function scenarioLines(): string[] {
  const width = Math.max(...Object.keys(scenarios).map((name) => name.length));
  return Object.entries(scenarios).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
}
