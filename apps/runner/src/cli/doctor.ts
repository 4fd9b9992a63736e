import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { messageOf } from '@twostage/core/errors';
import { families } from '@twostage/families/catalogue';
import pc from 'picocolors';
import type { EngineReport, ProbeJob } from '../training-process/protocol.ts';
import { runTask } from '../training-process/task.ts';
import { table } from './tables.ts';
import { bytes, shownPath, write } from './terminal.ts';
import { exitCodes } from './usage.ts';

const titles: Record<ProbeJob['engine'], string> = {
  lightgbm: 'LightGBM',
  xgboost: 'XGBoost',
  tensorflow: 'TensorFlow',
  onnx: 'ONNX Runtime',
};

/** `twostage doctor`: exit code 0 where every engine is there, 1 where one is missing. */
export async function doctor(flags: { json?: boolean }): Promise<number> {
  const names = Object.keys(titles) as ProbeJob['engine'][];
  const reports = await Promise.all(names.map(async (name) => ({ name, report: await probe(name) })));
  const machine = {
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? null,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
  };
  const allFound = reports.every(({ report }) => report.found);
  if (flags.json) {
    write(
      JSON.stringify(
        { machine, engines: Object.fromEntries(reports.map(({ name, report }) => [name, report])) },
        null,
        2,
      ),
    );
    return allFound ? exitCodes.ok : exitCodes.someFailed;
  }
  write(
    `Node ${machine.node} on ${machine.platform}, ${machine.cores} cores (${machine.cpu ?? 'unknown'}), ${bytes(machine.memoryBytes)} memory, ${bytes(machine.freeMemoryBytes)} free`,
  );
  write('');
  write(
    table(
      ['', 'engine', 'version', 'device', 'families', 'where'].map((title) => ({ title })),
      reports.map(({ name, report }) => rowOf(name, report)),
    ),
  );
  return allFound ? exitCodes.ok : exitCodes.someFailed;
}

function rowOf(name: ProbeJob['engine'], report: EngineReport): string[] {
  const title = titles[name];
  const needing = families
    .filter(({ engine }) => engine === name)
    .map(({ id }) => id)
    .join(' ');
  if (!report.found) return [pc.red('✗'), title, '', '', needing, report.how];
  const where = report.path === null ? '' : shownPath(report.path);
  return [pc.green('✓'), title, report.version ?? 'unknown', report.devices.join(' '), needing, where];
}

async function probe(engine: ProbeJob['engine']): Promise<EngineReport> {
  try {
    const { report } = await runTask({ kind: 'probe', engine }, 'probed', {
      stage: 'gpu',
      device: 'auto',
      deadlineMs: 60_000,
    });
    return report;
  } catch (error) {
    return { found: false, how: messageOf(error) };
  }
}
