import { existsSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { createClient } from '../client/index.ts';
import { VERSION, buildApp, openBase } from './build.ts';
import type { App } from './build.ts';
import { runCli } from './cli/cli.ts';
import type { CliHost } from './cli/host.ts';
import { hasSessions } from './database/credentials.ts';
import { ConfigError, parseConfig } from './platform/config.ts';
import type { Config } from './platform/config.ts';
import { createLog } from './platform/log.ts';
import { createSignInLink } from './services/credentials.ts';

/** The only entry: `start` and `worker` run the program, everything else is a command of the CLI. */
async function main(argv: readonly string[]): Promise<number> {
  const [command = 'start', ...rest] = argv;
  if (command === 'start' || command === 'worker') {
    return runProgram(command, rest);
  }
  return runCli(argv, cliHost());
}

/** What commands may use of this process. They stay quiet: only errors of the floors below reach the screen. */
function cliHost(): CliHost {
  // A reader that has seen enough, such as head, closes the pipe; that is no failure.
  process.stdout.on('error', () => process.exit(0));
  const log = createLog('error');
  return {
    environment: process.env,
    version: VERSION,
    connect: createClient,
    openBase: async (environment) => {
      const config = parseConfig(environment);
      const place = placeOf(config);
      const { database, close } = await openBase(config, log);
      return { ...place, deps: { database }, close };
    },
    openDeps: async (environment) => {
      const config = parseConfig(environment);
      const place = placeOf(config);
      const { deps, close } = await buildApp(config, log);
      return { ...place, deps, close };
    },
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
    isTerminal: process.stdout.isTTY && process.stderr.isTTY,
    columns: () => process.stderr.columns,
  };
}

/** Asked before anything is opened, since opening makes what is missing. */
function placeOf({ publicUrl, host, port, databaseUrl, dataDir }: Config) {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    address: publicUrl === '' ? `http://${name}:${port}` : publicUrl,
    place: dataDir,
    isNew: databaseUrl === null && !existsSync(path.join(dataDir, 'postgres')),
  };
}

const LOST_EXIT_MS = 3000;
/**
 * The heap may grow to three times what survived a collection. Left to itself the engine collects all of it every two
 * dozen uploads, because their buffers count as growth, and spends a third of the time of an upload on that.
 */
const HEAP_GROWTH = '--heap-growing-percent=200';

/** Runs until a signal, or until its database is gone; the second signal ends at once. */
async function runProgram(command: 'start' | 'worker', args: readonly string[]): Promise<number> {
  const began = performance.now();
  setFlagsFromString(HEAP_GROWTH);
  const config = parseConfig({ ...process.env, ...flags(args) });
  const log = createLog(config.logLevel);
  const roles = command === 'worker' ? (['worker'] as const) : config.roles;
  const app = await buildApp(config, log);
  try {
    if (roles.includes('server')) await greet(app, config, began);
    if (roles.includes('worker')) await app.work();
    if (!roles.includes('server')) process.stdout.write('Backlot works on jobs.\n');
    const lost = await Promise.race([signal(), app.lost]);
    if (lost === undefined) {
      process.stdout.write('Stopping…\n');
      return 0;
    }
    process.stderr.write(
      `The embedded database has ended: ${lost}\nNothing acknowledged is lost. Start Backlot again.\n`,
    );
    // Whatever still waits for the database waits in vain.
    setTimeout(() => process.exit(1), LOST_EXIT_MS).unref();
    return 1;
  } finally {
    await app.close();
  }
}

/** Flags stand for the settings of the same name: `--port 5000` is `BACKLOT_PORT=5000`. */
function flags(args: readonly string[]): Record<string, string> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      data: { type: 'string' },
      roles: { type: 'string' },
    },
  });
  const names = {
    port: 'BACKLOT_PORT',
    host: 'BACKLOT_HOST',
    data: 'BACKLOT_DATA_DIR',
    roles: 'BACKLOT_ROLES',
  } as const;
  const settings: Record<string, string> = {};
  for (const [flag, name] of Object.entries(names)) {
    const value = values[flag as keyof typeof names];
    if (value !== undefined) settings[name] = value;
  }
  return settings;
}

/** Another program listens there, most often a Backlot that was started before. */
function explainPort(error: unknown, { host, port }: Config): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new Error(
    `address already in use: something listens on ${host}:${port} already, perhaps another Backlot.\n` +
      `End it, or start this one elsewhere: npm start -- --port ${port === 65_535 ? 5000 : port + 1}`,
    { cause: error },
  );
}

async function greet(app: App, config: Config, began: number): Promise<void> {
  const address = await app.serve().catch((error: unknown) => {
    throw explainPort(error, config);
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`\nBacklot is ready at ${address}/library (${seconds} s)\n`);
  if (await hasSessions(app.deps.database.workspace)) {
    process.stdout.write('For another browser: npx backlot sign-in prints a new sign-in link.\n\n');
    return;
  }
  const link = await createSignInLink(app.deps);
  process.stdout.write(`Open this link once to sign in as the owner (24 hours, one use):\n\n  ${link}\n\n`);
}

function signal(): Promise<undefined> {
  return new Promise((resolve) => {
    const onSignal = () => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      resolve(undefined);
    };
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
