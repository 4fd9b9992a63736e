/** One provisioner at a time per cache, across processes. */
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 250;
/** Long enough for a slow download; a lock older than this was left by a machine that went down. */
const staleMs = 60 * 60_000;

/** Runs `work` while holding `folder` as the lock (making a folder is atomic everywhere). A dead owner's lock is taken over. */
export async function withLock(folder, log, work) {
  await mkdir(path.dirname(folder), { recursive: true });
  for (let waited = false; !(await acquire(folder)); waited = true) {
    if (!waited) log('another process is provisioning the same: waiting for it');
    await sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function acquire(folder) {
  try {
    await mkdir(folder);
    await writeFile(path.join(folder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (await isStale(folder)) await rm(folder, { recursive: true, force: true });
    return false;
  }
}

async function isStale(folder) {
  try {
    const ageMs = Date.now() - (await stat(folder)).mtimeMs;
    if (ageMs > staleMs) return true;
    // The owner writes its id right after making the folder: give it a moment before judging.
    const pid = Number(await readFile(path.join(folder, 'pid'), 'utf8').catch(() => ''));
    return Number.isInteger(pid) && pid > 0 ? !isAlive(pid) : ageMs > 5_000;
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
