/** `node --import tsx server.ts [--dev]`: the web process. What it is told by its environment: src/server/config.ts. */
import { messageOf } from '@twostage/core/errors';
import next from 'next';
import { readConfig } from './src/server/config.ts';
import { createLog } from './src/server/log.ts';
import { type Pages, type StartOptions, startServer } from './src/server/startServer.ts';

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

try {
  const running = await startServer({ config: readConfig(process.env), log, dev, preparePages });
  console.log(`ready ${running.url}`);
  let stopping = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      // What hangs for longer than this is not worth waiting for.
      setTimeout(() => process.exit(0), 5000).unref();
      running.close().then(
        () => process.exit(0),
        (error) => {
          log.error(messageOf(error));
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(messageOf(error));
  process.exit(1);
}
