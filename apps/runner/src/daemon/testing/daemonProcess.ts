import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';

const main = path.resolve(import.meta.dirname, '../../cli/main.ts');

export interface DaemonProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** `twostage daemon`, as `npm start` runs it; resolves when it takes runs. */
export async function startDaemon(env: {
  DATABASE_URL: string;
  TWOSTAGE_HOME: string;
  TWOSTAGE_DATA_ROOTS: string;
  TWOSTAGE_SUPERVISED?: '1';
}): Promise<DaemonProcess> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, 'daemon'], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)),
  );
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('"msg":"ready"')) resolve();
      });
    }
    void ended.then((code) => reject(new Error(`the daemon ended with ${code}: ${output}`)));
  });
  return { child, ended, output: () => output };
}
