import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

let program: string | undefined;

/** The program of the sources as they were when the run began, compiled: commands run by plain Node, as for a person. */
export function freshProgram(): string {
  program ??= compile();
  return program;
}

/** Once per state of the sources. */
function compile(): string {
  const hash = createHash('sha256');
  for (const folder of ['src', 'client']) {
    const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((one) => /(?<!\.test)\.ts$/.test(one)).toSorted()) {
      hash.update(name).update(readFileSync(join(ROOT, folder, name)));
    }
  }
  const built = join(ROOT, 'node_modules/.cache', `program-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(built)) {
    const aside = `${built}.${process.pid}`;
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    try {
      execFileSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', aside], { cwd: ROOT, stdio: 'ignore' });
    } catch {
      // Type errors are another check's business; the emitted files are what counts here.
    }
    removeOld();
    if (existsSync(built)) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, built);
  }
  return join(built, 'src/main.js');
}

/** Programs of earlier sources; a run under way may still use one of today. */
function removeOld(): void {
  const cache = join(ROOT, 'node_modules/.cache');
  for (const name of readdirSync(cache).filter((one) => one.startsWith('program-'))) {
    const age = Date.now() - (statSync(join(cache, name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > 24 * 3_600_000) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs one command to its end with these settings and nothing of ours from outside. */
export function runProgram(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<Ran> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(BACKLOT_|DATABASE_URL|NODE_|VITEST)/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), ...settings };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [freshProgram(), ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let error = '';
    child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')));
    child.stderr.on('data', (part: Buffer) => (error += part.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, error }));
  });
}
