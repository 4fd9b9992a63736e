import { afterAll, beforeAll, expect, it } from 'vitest';
import { addRun } from '../testing/fixtures.ts';
import { startTestServer, type TestServer } from '../testing/testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

it('a run whose runner vanished is queued again though no runner is alive', async () => {
  const id = await addRun(server.prisma, server.databaseUrl, { createdById: null, datasetId: null });
  await server.prisma.run.update({
    where: { id },
    data: { state: 'running', leaseToken: 'gone', leaseExpiresAt: new Date(Date.now() - 1000) },
  });
  const end = Date.now() + 30_000;
  let run = await server.prisma.run.findUniqueOrThrow({ where: { id } });
  while (run.state === 'running' && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    run = await server.prisma.run.findUniqueOrThrow({ where: { id } });
  }
  expect(run).toMatchObject({ state: 'queued', leaseToken: null, recoveries: 1, lastSeq: 2 });
  expect(run.reason).toMatch(/vanished/);
});
