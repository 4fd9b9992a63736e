// A child that says `rate` notes a second on its channel, each with the time at which it was said.
import { writeSync } from 'node:fs';

const rate = Number(process.env.EVENTS_RATE);
const seconds = Number(process.env.EVENTS_SECONDS);
const channel = 3;
const startedMs = performance.now();
let said = 0;

const timer = setInterval(() => {
  const due = Math.min(Math.floor(((performance.now() - startedMs) / 1000) * rate), rate * seconds);
  let text = '';
  // Each says its own time: a burst of several is written at once, as a busy trainer's would be.
  for (; said < due; said++)
    text += `${JSON.stringify({ type: 'note', line: `event ${said} said=${(performance.timeOrigin + performance.now()).toFixed(2)}` })}\n`;
  if (text) writeSync(channel, text);
  if (said >= rate * seconds) clearInterval(timer);
}, 1);
