export type LibraryName = 'lightgbm' | 'xgboost';

export interface LibraryPin {
  readonly title: string;
  readonly version: string;
  readonly environment: string;
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly companions: readonly string[];
  readonly wheel: (platform: string) => string;
  readonly install: Readonly<Record<string, string>>;
}
export const libraries: Readonly<Record<LibraryName, LibraryPin>>;

export type Located =
  | { readonly found: true; readonly path: string; readonly version: string | null; readonly how: string }
  | { readonly found: false; readonly how: string };

export interface Places {
  readonly environment?: Record<string, string | undefined>;
  readonly cacheDir?: string;
  readonly platform?: string;
  /** Whether the system's library folders are looked through. */
  readonly system?: boolean;
}

export const manifestFile: string;
export function cacheDirectory(environment?: Record<string, string | undefined>): string;
export function currentPlatform(): string;
export function cacheFolder(
  name: string,
  version: string,
  places?: { readonly cacheDir?: string; readonly platform?: string },
): string;
export function findLibrary(name: LibraryName, places?: Places): Located;
export function installCommand(name: LibraryName, platform?: string): string;
export function libraryFiles(name: LibraryName, platform?: string): readonly string[];
