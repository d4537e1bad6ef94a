import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SYSTEM_PATH } from './config.ts';

/** Limits of one child process and everything it starts. */
export interface ToolLimits {
  /** Private writable memory, bytes. Counted by RLIMIT_DATA: reserved address space would fail every modern runtime. */
  readonly memory?: number;
  /** Processor time over the life of the process, seconds. */
  readonly cpu?: number;
  /** Largest file it may write, bytes. */
  readonly fileSize?: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Wall-clock deadline, milliseconds. */
  readonly deadline: number;
  readonly limits?: ToolLimits;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Bytes kept of standard output; more ends the run. Default 1 MiB. */
  readonly maxOutput?: number;
  /** Takes standard output piece by piece instead of keeping it; what it throws ends the run and rejects. */
  readonly onOutput?: (piece: Buffer) => void;
  /**
   * Default true: a process group of its own, killed as a whole. A process that is already a group leader under a
   * deadline passes false, so that its own killer reaches the tool as well.
   */
  readonly ownGroup?: boolean;
}

export interface ToolResult {
  /** Exit code, null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  /** The last bytes only. */
  readonly stderr: string;
  readonly timedOut: boolean;
  /** More output than `maxOutput`; the run was ended. */
  readonly overflowed: boolean;
}

const STDERR_KEPT = 16 * 1024;
const DEFAULT_OUTPUT = 1024 * 1024;

/** The absolute path of a program on PATH, or null. */
export function findProgram(name: string): string | null {
  for (const folder of SYSTEM_PATH.split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, name);
    if (existsSync(candidate)) return candidate;
  }
  return null;
}

let prlimitPath: string | null | undefined;

/** Puts `prlimit` before a command where the system has it; elsewhere only the deadline holds. */
export function underLimits(command: readonly string[], limits: ToolLimits | undefined): readonly string[] {
  prlimitPath ??= findProgram('prlimit');
  if (limits === undefined || prlimitPath === null) return command;
  const flags = [
    ...(limits.memory === undefined ? [] : [`--data=${limits.memory}`]),
    ...(limits.cpu === undefined ? [] : [`--cpu=${limits.cpu}`]),
    ...(limits.fileSize === undefined ? [] : [`--fsize=${limits.fileSize}`]),
    '--core=0',
  ];
  return [prlimitPath, ...flags, '--', ...command];
}

/** Kills the process group that `leader` made. Silent when nothing of it is left. */
export function killGroup(leader: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // No such group: nothing is left to end.
  }
}

/**
 * Runs a program to its end with closed standard input and capped output. A bad exit is a result, not an error.
 * Rejects when the program cannot be started and when `signal` aborts (after the group is dead).
 */
export function runTool(command: readonly string[], options: RunOptions): Promise<ToolResult> {
  const [program, ...args] = underLimits(command, options.limits);
  if (program === undefined) return Promise.reject(new TypeError('runTool needs a program.'));
  if (options.signal?.aborted) return Promise.reject(abortReason(options.signal));
  const ownGroup = options.ownGroup ?? true;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    detached: ownGroup,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): void => {
    if (ownGroup && child.pid !== undefined) killGroup(child.pid);
    else child.kill('SIGKILL');
  };
  let refused: unknown;
  const output =
    options.onOutput === undefined
      ? collect(child.stdout, options.maxOutput ?? DEFAULT_OUTPUT, end)
      : handOn(child.stdout, options.onOutput, (error) => {
          refused ??= error;
          end();
        });
  const errors = collectTail(child.stderr);
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, options.deadline);
    options.signal?.addEventListener('abort', end, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', end);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('close', (code, signal) => {
      settle();
      // Whatever the program left running in its group ends with it.
      if (ownGroup) end();
      if (options.signal?.aborted) reject(abortReason(options.signal));
      else if (refused !== undefined) reject(refused);
      else resolve({ code, signal, timedOut, stderr: errors(), ...output() });
    });
  });
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted.');
}

function collect(
  stream: NodeJS.ReadableStream,
  limit: number,
  onOverflow: () => void,
): () => { stdout: Buffer; overflowed: boolean } {
  const chunks: Buffer[] = [];
  let length = 0;
  let overflowed = false;
  stream.on('data', (chunk: Buffer) => {
    if (overflowed) return;
    length += chunk.length;
    if (length > limit) {
      overflowed = true;
      onOverflow();
    } else chunks.push(chunk);
  });
  return () => ({ stdout: Buffer.concat(chunks), overflowed });
}

function handOn(
  stream: NodeJS.ReadableStream,
  take: (piece: Buffer) => void,
  onError: (error: unknown) => void,
): () => { stdout: Buffer; overflowed: boolean } {
  stream.on('data', (piece: Buffer) => {
    try {
      take(piece);
    } catch (error) {
      onError(error);
    }
  });
  return () => ({ stdout: Buffer.alloc(0), overflowed: false });
}

function collectTail(stream: NodeJS.ReadableStream): () => string {
  let tail = '';
  stream.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-STDERR_KEPT);
  });
  return () => tail;
}
