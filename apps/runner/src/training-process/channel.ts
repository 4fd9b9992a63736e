import type { Readable } from 'node:stream';
import { type ChildMessage, childMessageSchema, maxMessageBytes } from './protocol.ts';
import { cleanLine } from './text.ts';

/**
 * Reads a child's messages. What is no message ends the reading: a channel that spoke nonsense once can't be believed later.
 * @param onGarbage gets one line that shows what came and what was expected
 */
export function readChannel(
  stream: Readable,
  onMessage: (message: ChildMessage) => void,
  onGarbage: (message: string) => void,
): void {
  let held = '';
  let broken = false;
  const fail = (line: string, why: string) => {
    broken = true;
    held = '';
    const shown = cleanLine(line.slice(0, 120));
    onGarbage(`sent ${JSON.stringify(shown)} on its channel, where one JSON message a line was expected: ${why}`);
  };
  const take = (line: string) => {
    if (line === '') return;
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      return fail(line, 'not JSON');
    }
    const parsed = childMessageSchema.safeParse(json);
    if (parsed.success) return onMessage(parsed.data);
    const issue = parsed.error.issues[0]!;
    return fail(line, `${issue.path.join('.') || 'message'}: ${issue.message}`);
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    if (broken) return;
    const lines = text.split('\n');
    lines[0] = held + lines[0];
    held = lines.pop()!;
    for (const line of lines) {
      take(line);
      if (broken) return;
    }
    if (held.length > maxMessageBytes) fail(held, `a line of more than ${maxMessageBytes / 2 ** 20} MB`);
  });
  stream.on('end', () => {
    if (!broken) take(held);
  });
  stream.on('error', () => {});
}
