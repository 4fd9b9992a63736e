import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLog } from './log.ts';

it('no secret passes, however deep it stands', () => {
  let written = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  const log = createLog('info', sink);
  log.info({
    password: 'hunter2-a',
    request: { headers: { cookie: 'hunter2-b', authorization: 'hunter2-c' }, body: { token: 'hunter2-d' } },
    user: { secret: 'hunter2-e', name: 'Mo' },
  });
  expect(written).toContain('Mo');
  expect(written.match(/\[redacted\]/g)).toHaveLength(5);
  expect(written).not.toContain('hunter2');
});
