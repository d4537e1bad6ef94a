import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

/** A program of its own that starts the embedded server and waits, so that a test can kill it. */
export interface LauncherProgram {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly owned: boolean;
  readonly host: string;
}

const SOURCE = new URL('../../src/database/embedded.ts', import.meta.url);

/** Bundles the launcher into `folder`: Node 20 does not run TypeScript, and the built one may be older than the source. */
export async function bundleLauncher(folder: string): Promise<string> {
  const pg = join(createRequire(import.meta.url).resolve('pg'), '../../esm/index.mjs');
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'pg-by-address',
        enforce: 'pre',
        resolveId: (id: string) => (id === 'pg' ? { id: pathToFileURL(pg).href, external: true } : null),
      },
    ],
    build: {
      ssr: SOURCE.pathname,
      outDir: folder,
      minify: false,
      rollupOptions: { output: { entryFileNames: 'embedded.mjs' } },
    },
  });
  return join(folder, 'embedded.mjs');
}

export interface LauncherOptions {
  readonly bundle: string;
  readonly dataDir: string;
  /** The bundle lies outside the project, where it would not find the packaged PostgreSQL by itself. */
  readonly binDir: string;
}

/** Starts a program that reports `{ owned, host }` once its server is ready and stops it on SIGTERM. */
export function runLauncher({ bundle, dataDir, binDir }: LauncherOptions): Promise<LauncherProgram> {
  const code = `
    import { startEmbedded } from ${JSON.stringify(pathToFileURL(bundle).href)};
    const log = { info() {}, warn(message) { console.error(message); } };
    const server = await startEmbedded({ dataDir: process.argv[1], binDir: process.argv[2], log });
    console.log(JSON.stringify({ owned: server.owned, host: server.connection.host }));
    const alive = setInterval(() => {}, 1000);
    process.once('SIGTERM', async () => { await server.stop(); clearInterval(alive); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', dataDir, binDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: new URL('../..', import.meta.url),
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the launcher ended with ${code}`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      const said: { owned: boolean; host: string } = JSON.parse(line);
      resolve({ child, pid: child.pid ?? 0, ...said });
    });
  });
}

/** Settles when the program has ended. */
export function untilEnded(program: LauncherProgram): Promise<void> {
  if (program.child.exitCode !== null || program.child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    program.child.once('exit', () => resolve());
  });
}
