import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from './embedded-error.ts';
import { CHILD_ENVIRONMENT } from './embedded-identity.ts';
import { isAlive } from './embedded-pidfile.ts';

/** One program's claim on a running server. */
export interface Hold {
  /** Whether another living program holds the same server. */
  shared(): boolean;
  /** Gives the claim up. When it was the last, the watcher stops a server that still runs. */
  release(): void;
}

export interface HeldServer {
  readonly pid: number;
  readonly socketDir: string;
  readonly cluster: string;
}

const HOLDER = /^holder-(\d+)-/;

/**
 * The watcher reads a named pipe that every program using the server keeps open for writing. The kernel closes those
 * ends however a program dies, so the read returns exactly when nobody is left, kill -9 included. A shell takes 1 MB
 * where a second Node would take 40. It asks the pid file before each signal, because process ids are used again.
 */
const WATCHER = `
pid=$1 file=$2/postmaster.pid folder=$3
read -r _
running() { first=; read -r first 2>/dev/null <"$file"; [ "$first" = "$pid" ] && kill -0 "$pid" 2>/dev/null; }
stop() { running || return 0; kill "-$1" "$pid"; n=0; while [ $n -lt "$2" ] && running; do sleep 0.1; n=$((n+1)); done; }
stop INT 50
stop QUIT 50
running || rm -rf "$folder"
`;

/** Claims a server. Starts the watcher when none listens: for a fresh server, or one whose watcher was killed. */
export function holdServer(server: HeldServer): Hold {
  const marker = join(server.socketDir, `holder-${process.pid}-${randomBytes(4).toString('hex')}`);
  writeFileSync(marker, '', { mode: 0o600 });
  const pipe = openPipe(server);
  let held = true;
  return {
    shared: () => otherHolders(server.socketDir, marker),
    release: () => {
      if (!held) return;
      held = false;
      rmSync(marker, { force: true });
      closeSync(pipe);
    },
  };
}

/** Makes the named pipe in a new socket folder; throws when the file system has none. */
export function makePipe(socketDir: string): void {
  execFileSync('mkfifo', ['-m', '600', pipePath(socketDir)], { env: CHILD_ENVIRONMENT, stdio: 'ignore' });
}

export function pipePath(socketDir: string): string {
  return join(socketDir, 'alive');
}

function openPipe(server: HeldServer): number {
  const path = pipePath(server.socketDir);
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    // ENXIO: the pipe has no reader.
    if (systemCode(error) === 'ENOENT') makePipe(server.socketDir);
    else if (systemCode(error) !== 'ENXIO') throw error;
  }
  // Open for both first: then neither this nor the watcher's end ever waits for the other.
  const pipe = openSync(path, constants.O_RDWR);
  const reader = openSync(path, constants.O_RDONLY);
  const watcher = spawn(
    '/bin/sh',
    ['-c', WATCHER, 'backlot-watch', String(server.pid), server.cluster, server.socketDir],
    {
      // Detached: Ctrl-C reaches the whole foreground group, and the watcher must outlive the program.
      detached: true,
      stdio: [reader, 'ignore', 'ignore'],
      env: CHILD_ENVIRONMENT,
      cwd: '/',
    },
  );
  watcher.on('error', () => undefined);
  watcher.unref();
  closeSync(reader);
  return pipe;
}

function otherHolders(socketDir: string, marker: string): boolean {
  return readdirSync(socketDir).some((name) => {
    const pid = Number(HOLDER.exec(name)?.[1]);
    return Number.isInteger(pid) && join(socketDir, name) !== marker && isAlive(pid);
  });
}
