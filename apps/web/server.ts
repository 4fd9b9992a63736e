/** `node --import tsx server.ts [--dev]`: the web process. What it is told by its environment: src/server/config.ts. */
import './src/server/productionByDefault.ts';
import { messageOf } from '@twostage/core/errors';
import next from 'next';
import { readConfig } from './src/server/config.ts';
import { createLog } from './src/server/log.ts';
import { type Pages, type RunningServer, type StartOptions, startServer } from './src/server/startServer.ts';

const dev = process.argv.includes('--dev');
const log = createLog();

const preparePages: StartOptions['preparePages'] = async (httpServer, { port }): Promise<Pages> => {
  const app = next({ dev, dir: import.meta.dirname, hostname: '127.0.0.1', port, httpServer });
  await app.prepare();
  const handle = app.getRequestHandler();
  const upgrade = app.getUpgradeHandler();
  return {
    handle: (request, response) => handle(request, response),
    upgrade: dev ? (request, socket, head) => upgrade(request, socket, head) : null,
    close: () => app.close(),
  };
};

/** What still hangs after this long is not worth waiting for. */
const stopWithinMs = 5000;

function stopOnRequest(running: RunningServer): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), stopWithinMs).unref();
    running.close().then(
      () => process.exit(0),
      (error) => {
        log.error(messageOf(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The supervisor holds the other end of standard input; however it died, this process does not outlive it.
  if (process.env.TWOSTAGE_SUPERVISED) process.stdin.on('end', stop).on('error', stop).resume();
}

try {
  const running = await startServer({ config: readConfig(process.env), log, dev, say: console.log, preparePages });
  stopOnRequest(running);
  console.log(`ready ${running.url}`);
} catch (error) {
  console.error(messageOf(error));
  process.exit(1);
}
