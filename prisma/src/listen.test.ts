import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen } from './listen.ts';
import { createTestDatabase, type TestDatabase } from './testing/testDatabase.ts';

let server: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  server = await createTestDatabase();
  admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await server.drop();
});

it('connects anew when its connection is cut, says so, and hears again', async () => {
  const heard: string[] = [];
  const errors: string[] = [];
  let connected = 0;
  const subscription = await listen(server.url, 'news', (payload) => heard.push(payload), {
    onConnected: () => {
      connected++;
    },
    onError: (message) => errors.push(message),
  });
  await admin.query("SELECT pg_notify('news', 'one')");
  await expect.poll(() => heard).toEqual(['one']);
  await admin.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'twostage listen news'",
  );
  await expect.poll(() => connected).toBe(2);
  await admin.query("SELECT pg_notify('news', 'two')");
  await expect.poll(() => heard).toEqual(['one', 'two']);
  expect(errors).toHaveLength(1);
  await subscription.close();
  await admin.query("SELECT pg_notify('news', 'three')");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(heard).toEqual(['one', 'two']);
});
