import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT, SetUpError, alone, binary, readJson, run, say, seconds, writeJson } from './project.js';

const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.build.json');
const COMMON = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.build.json'];

/** The two halves of the build, what each is made from, and how. */
const PARTS = {
  server: { inputs: ['src', 'client', 'bench', ...COMMON], make: buildServer },
  web: { inputs: ['web', 'client', 'src/contract', 'src/domain', ...COMMON], make: buildWeb },
};

/** Builds what is older than its sources; costs a few milliseconds when nothing is. */
export async function ensureBuild() {
  if (staleParts().length > 0) await build();
}

/** Builds what is stale, or with `all` everything. Throws {@link SetUpError} with the compiler's words. */
export function build({ all = false } = {}) {
  return alone(async () => {
    const parts = all ? Object.keys(PARTS) : staleParts();
    if (parts.length === 0) return;
    const since = performance.now();
    say('building …');
    // The print of the sources is taken before: what is saved during the build is built the next time.
    const prints = Object.fromEntries(parts.map((part) => [part, fingerprint(PARTS[part].inputs)]));
    // A half that is being rebuilt has no stamp, so an interrupted build is seen and repeated.
    const kept = Object.entries(readJson(STAMP) ?? {}).filter(([part]) => !parts.includes(part));
    writeJson(STAMP, Object.fromEntries(kept));
    const failures = [];
    for (const [part, failure] of await Promise.all(parts.map(make))) {
      if (failure === undefined) writeJson(STAMP, { ...readJson(STAMP), [part]: prints[part] });
      else failures.push(failure.trimEnd());
    }
    if (failures.length > 0) throw new SetUpError(`The build failed:\n${failures.join('\n')}`);
    say(`built in ${seconds(since)}`);
  });
}

async function make(part) {
  return [part, await PARTS[part].make()];
}

/** Whether the pages have been written yet; without them the server alone is built. */
function hasPages() {
  return existsSync(join(ROOT, 'web', 'index.html'));
}

/** Whether `dist` holds the server of the sources as they are. */
export function isServerBuilt() {
  return !staleParts().includes('server');
}

function staleParts() {
  const stamp = readJson(STAMP) ?? {};
  return Object.keys(PARTS).filter((part) => stamp[part] !== fingerprint(PARTS[part].inputs));
}

/** Names, sizes and times of all files: a change to any of them is seen without reading one. */
function fingerprint(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesIn(join(ROOT, input))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${relative(ROOT, file)}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** In place, so that a server running from `dist` keeps its files; outputs without a source go afterwards. */
async function buildServer() {
  const { code, output } = await run(binary('tsc'), ['-p', 'tsconfig.build.json']);
  if (code !== 0) return output;
  for (const folder of ['src', 'client']) {
    for (const file of filesIn(join(ROOT, folder))) {
      // What the compiler leaves alone: data files that modules read beside themselves.
      if (!/\.(ts|tsx|md)$/.test(file)) cpSync(file, join(DIST, relative(ROOT, file)));
    }
    for (const file of filesIn(join(DIST, folder))) {
      const source = join(ROOT, relative(DIST, file));
      const origin = source.replace(/\.js(\.map)?$/, '.ts');
      if (!existsSync(origin) && !existsSync(source)) rmSync(file);
    }
  }
  return undefined;
}

async function buildWeb() {
  if (!hasPages()) {
    say('there are no pages in web/ yet; building the server alone');
    return undefined;
  }
  const next = join(DIST, 'web.next');
  const args = ['build', 'web', '--outDir', next, '--emptyOutDir', '--logLevel', 'warn'];
  const { code, output } = await run(binary('vite'), args);
  if (code !== 0) return output;
  const pages = join(DIST, 'web');
  rmSync(pages, { recursive: true, force: true });
  renameSync(next, pages);
  return undefined;
}

/** The built file of a source, e.g. `src/main.ts`. */
export function built(source) {
  return join(DIST, dirname(source), source.slice(dirname(source).length + 1).replace(/\.ts$/, '.js'));
}
