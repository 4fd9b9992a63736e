import path from 'node:path';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import { runDirectory } from '@twostage/core/runs/runDirectory';
import pc from 'picocolors';
import { write } from '../terminal.ts';
import { exitCodes } from '../usage.ts';
import { readReportedRun } from './readRun.ts';
import { writeReport } from './writeReport.ts';

/** `twostage report RUN`: its tear sheets as one file. @throws UsageError */
export async function report(runDir: string, flags: { output?: string }): Promise<number> {
  const run = await readReportedRun(runDir);
  const line = await writeReport(run, flags.output ?? path.join(runDir, runDirectory.report), '--output');
  if (!hasEnded(run.view.state))
    process.stderr.write(pc.yellow(`this run has not ended (${run.view.state}): the report holds what there is\n`));
  write(line);
  return exitCodes.ok;
}
