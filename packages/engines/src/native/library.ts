import { DomainError, messageOf } from '@twostage/core/errors';
import { existsSync } from 'node:fs';
import path from 'node:path';
import koffi from 'koffi';
import { findLibrary, installCommand, type LibraryName, libraries } from './locations.mjs';

export interface LoadedLibrary {
  readonly library: ReturnType<typeof koffi.load>;
  readonly path: string;
  /** As the place it was found in tells it; null where only the library itself can say. */
  readonly version: string | null;
  /** `cache (…)`, `system`, or the environment variable that named it. */
  readonly how: string;
}

const loaded = new Map<LibraryName, LoadedLibrary>();

/**
 * Loads a boosting library once a process.
 * @throws DomainError ENGINE_MISSING with the command that installs the library, or what it depends on.
 */
export function loadLibrary(name: LibraryName): LoadedLibrary {
  const known = loaded.get(name);
  if (known) return known;
  const { title, companions } = libraries[name];
  const place = findLibrary(name);
  if (!place.found) throw new DomainError('ENGINE_MISSING', `${title} was not found; to get it: ${place.how}`);
  try {
    for (const companion of companions) {
      const beside = path.join(path.dirname(place.path), companion);
      // Once it is in the process, the loader takes it for the dependency of that name.
      if (existsSync(beside)) koffi.load(beside, { global: true });
    }
    const result = { ...place, library: koffi.load(place.path) };
    loaded.set(name, result);
    return result;
  } catch (error) {
    throw new DomainError('ENGINE_MISSING', whyNotLoaded(name, place.path, messageOf(error)), { cause: error });
  }
}

function whyNotLoaded(name: LibraryName, file: string, reason: string): string {
  const { title } = libraries[name];
  const missing =
    /(lib[\w.+-]+\.so[\d.]*|lib[\w.+-]+\.dylib): cannot open|Library not loaded: \S*?([^/\s]+\.dylib)/.exec(reason);
  const dependency = missing?.[1] ?? missing?.[2];
  const command = dependency === undefined ? undefined : dependencyCommand(dependency);
  return dependency !== undefined && command !== undefined
    ? `${title} at ${file} needs ${dependency}, which is missing; to get it: ${command}`
    : `${title} at ${file} does not load (${reason.split('\n')[0]}); to get it: ${installCommand(name)}`;
}

function dependencyCommand(dependency: string): string | undefined {
  if (dependency.startsWith('libgomp')) return 'apt-get install libgomp1';
  if (dependency.startsWith('libomp')) return 'brew install libomp';
  if (dependency.startsWith('libdmlc')) return 'apt-get install libdmlc0';
  return undefined;
}
