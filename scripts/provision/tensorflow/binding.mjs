/** The native binding between Node and TensorFlow: built once per library into the cache, then linked into each clone. */
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findOnPath, lastLine, run } from '../process.mjs';

/** The Node-API version the binding is built for: it is the same for every Node from 12.22 on. */
const nodeApi = 8;
const require = createRequire(import.meta.url);

/** Folder of the npm package, or undefined before `npm ci`. */
export function packageFolder() {
  try {
    return path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
  } catch {
    return undefined;
  }
}

export function packageVersion(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version;
}

/** Where the built binding of one library lies: `lib/napi-v8/tfjs_binding.node` and `deps`, as inside the npm package. */
export function bindingFolder(cacheDir, library, bindingVersion, platform) {
  return path.join(cacheDir, `tfjs-binding-${bindingVersion}-napi${nodeApi}-${platform}-${path.basename(library)}`);
}

const bindingFile = (folder) => path.join(folder, 'lib', `napi-v${nodeApi}`, 'tfjs_binding.node');

/** Builds the binding unless it is there. @returns undefined, or one line that says why not and what would help. */
export async function ensureBinding({ folder, library, source, log }) {
  if (existsSync(bindingFile(folder))) return undefined;
  const missing = ['make', 'python3'].filter((tool) => !findOnPath(tool));
  if (!findOnPath('g++', 'c++', 'clang++')) missing.unshift('g++');
  if (missing.length > 0) {
    return `building the binding needs ${missing.join(', ')}: on Debian and Ubuntu \`apt-get install g++ make python3\``;
  }
  const gyp = nodeGyp();
  if (!gyp) return 'building the binding needs node-gyp, which npm brings: `npm install -g npm`';
  log("building TensorFlow's binding for Node (some 10 s)");
  const temporary = await mkdtemp(path.join(path.dirname(folder), '.tmp-binding-'));
  try {
    for (const name of ['binding', 'binding.gyp', 'package.json']) {
      await cp(path.join(source, name), path.join(temporary, name), { recursive: true });
    }
    await symlink(path.relative(temporary, library), path.join(temporary, 'deps'));
    const { code, output } = await run(process.execPath, [gyp, ...gypArguments(temporary)], { cwd: temporary });
    const tail = output.split('\n').filter((line) => /error/i.test(line));
    if (code !== 0) return `node-gyp failed: ${tail[0]?.trim() ?? lastLine(output)}`;
    await rm(path.join(temporary, 'build'), { recursive: true, force: true });
    const failure = await tryLoad(bindingFile(temporary));
    if (failure) return failure;
    await rename(temporary, folder);
    return undefined;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function gypArguments(folder) {
  const modulePath = path.join(folder, 'lib', `napi-v${nodeApi}`);
  const headers = headersOfThisNode();
  return [
    'configure',
    'build',
    ...(headers ? [`--nodedir=${headers}`] : []),
    `--module=${path.join(modulePath, 'tfjs_binding.node')}`,
    '--module_name=tfjs_binding',
    `--module_path=${modulePath}`,
    `--napi_version=${nodeApi}`,
    `--napi_build_version=${nodeApi}`,
  ];
}

/** Where this Node's own headers are installed; without them node-gyp downloads them. */
function headersOfThisNode() {
  const prefix = path.dirname(path.dirname(process.execPath));
  return existsSync(path.join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

/** npm carries node-gyp. It lies beside Node, or where npm says it is installed. */
function nodeGyp() {
  const npm = findOnPath('npm');
  const prefixes = [path.dirname(path.dirname(process.execPath)), npm && path.dirname(path.dirname(npm))];
  return [process.env.npm_execpath && path.resolve(process.env.npm_execpath, '../..')]
    .concat(prefixes.map((prefix) => prefix && path.join(prefix, 'lib/node_modules/npm')))
    .filter((folder) => folder !== undefined)
    .map((folder) => path.join(folder, 'node_modules/node-gyp/bin/node-gyp.js'))
    .find((file) => existsSync(file));
}

/** Loads the binding in a process of its own: a library it can't find, or one that crashes, shows here and not in a training. */
async function tryLoad(file) {
  const program = `const b = require(${JSON.stringify(file)}); process.exit(typeof b.TF_Version === "string" ? 0 : 1)`;
  const { code, output } = await run(process.execPath, ['-e', program], {
    env: { TF_CPP_MIN_LOG_LEVEL: '2' },
    timeoutMs: 60_000,
  });
  const reason = output.split('\n').find((line) => line.includes('Error:')) ?? lastLine(output);
  return code === 0 ? undefined : `the binding was built but does not load: ${reason.trim()}`;
}

/** True where the package of this clone already points to that binding. */
export function isLinked(source, folder) {
  return linkNames.every((name) => {
    try {
      return readlinkSync(path.join(source, name)) === path.join(folder, name);
    } catch {
      return false;
    }
  });
}

const linkNames = ['lib', 'deps'];

/** Points the package of this clone to the binding. Each link is replaced in one step, so a reader sees the old or the new. */
export async function link(source, folder) {
  for (const name of linkNames) {
    const target = path.join(source, name);
    if (existsSync(target) && !lstatSync(target).isSymbolicLink()) await rm(target, { recursive: true });
    const temporary = path.join(source, `.${name}-${process.pid}`);
    await mkdir(source, { recursive: true });
    await rm(temporary, { force: true });
    await symlink(path.join(folder, name), temporary);
    await rename(temporary, target);
  }
}
