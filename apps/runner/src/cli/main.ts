import { messageOf } from '@twostage/core/errors';
import { Command, CommanderError } from 'commander';
import { addCommands } from './commands.ts';
import { printError } from './terminal.ts';
import { exitCodes, isExpected } from './usage.ts';

await main(process.argv);

/** Runs the command line and sets the exit code. */
async function main(argv: readonly string[]): Promise<void> {
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what was wrong; help and version are no errors.
      process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.badUsage;
      return;
    }
    printError(messageOf(error));
    if (!isExpected(error)) console.error(error);
    process.exitCode = isExpected(error) ? exitCodes.badUsage : exitCodes.someFailed;
  }
}

function program(): Command {
  const root = new Command('twostage')
    .description('Trains market-prediction models in two stages: CPU families first, then GPU families.')
    .exitOverride()
    .configureOutput({ outputError: (text) => printError(text.trim().replace(/^error: /, '')) })
    .addHelpText(
      'after',
      `
Begin with
  twostage doctor                              what is installed, and how to get the rest
  twostage simulate --output-dir data/sample   a simulated market to try things on
  twostage inspect data/sample                 what is in it, and what is odd
  twostage train --data-dir data/sample        train every family on it
  twostage train --help                        everything else train can do`,
    );
  addCommands(root);
  return root;
}
