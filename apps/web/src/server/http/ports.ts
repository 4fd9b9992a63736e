import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readJson } from '../config.ts';

/** Tells the installation's other processes where this one is: `web` in ports.json, beside what they wrote. */
export function writePort(home: string, url: string, port: number): void {
  mkdirSync(home, { recursive: true });
  const file = path.join(home, 'ports.json');
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${JSON.stringify({ ...readJson(file), web: { url, port, pid: process.pid } }, null, 2)}\n`);
  renameSync(mine, file);
}
