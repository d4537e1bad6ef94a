import { type ChildProcess, spawn } from 'node:child_process';
import { SYSTEM_PATH } from '../platform/config.ts';
import { findProgram, killGroup, type ToolLimits, underLimits } from '../platform/run-tool.ts';
import type { Description } from './contract.ts';
import { readChildMessage, type TaskMessage } from './decoder-messages.ts';

export interface ProcessPlan {
  /** Absolute path of the compiled child module. */
  readonly childEntry: string;
  readonly limits: ToolLimits;
  /** Words before the command, e.g. to take the network away. */
  readonly prefix: readonly string[];
}

export type Outcome =
  | { readonly kind: 'done'; readonly description: Description }
  | { readonly kind: 'memory' }
  | { readonly kind: 'crashed' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'aborted' };

export interface Run {
  readonly task: TaskMessage;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly deadline: number;
  readonly early?: (first: Description) => void;
}

const STDERR_KEPT = 4096;
const MEMORY_WORDS =
  /out of memory|bad_alloc|failed to allocate|cannot allocate|allocation failed|heap limit/i;
/** How runtimes and C libraries end themselves when memory is refused. */
const ABORT_SIGNALS = new Set<string | number | null>(['SIGABRT', 'SIGTRAP', 133, 134]);

/** One decoding process at low priority; it loads its libraries while it waits for the first task. */
export class DecoderProcess {
  readonly #child: ChildProcess;
  #settle: ((outcome: Outcome) => void) | null = null;
  #onMessage: ((value: unknown) => void) | null = null;
  #stderr = '';
  #ready = false;
  #exited = false;
  #ended = false;
  #tasks = 0;
  #cpuSeconds = 0;
  #memory = 0;

  constructor(plan: ProcessPlan) {
    this.#child = launch(plan);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_KEPT);
    });
    this.#child.on('message', (value) => {
      this.#ready = true;
      this.#onMessage?.(value);
    });
    this.#child.once('exit', (code, signal) => this.#died(code, signal));
    this.#child.on('error', () => this.#died(null, null));
    rest(this.#child, false);
  }

  get alive(): boolean {
    return !this.#ended;
  }

  /** Files given to it so far. */
  get tasks(): number {
    return this.#tasks;
  }

  /** Processor seconds and resident bytes at the last answer. */
  get spent(): { readonly cpuSeconds: number; readonly memory: number } {
    return { cpuSeconds: this.#cpuSeconds, memory: this.#memory };
  }

  /** Kills the whole process group. */
  end(): void {
    this.#ended = true;
    if (!this.#exited && this.#child.pid !== undefined) killGroup(this.#child.pid);
  }

  /** Tasks are given one after another; never rejects. After any outcome but `done` the process is dead. */
  async run(run: Run): Promise<Outcome> {
    this.#tasks += 1;
    rest(this.#child, true);
    const outcome = await this.#outcomeOf(run);
    this.#settle = null;
    this.#onMessage = null;
    if (outcome.kind === 'done') rest(this.#child, false);
    else this.end();
    return outcome;
  }

  #outcomeOf(run: Run): Promise<Outcome> {
    return new Promise((resolve) => {
      const onAbort = (): void => settle({ kind: 'aborted' });
      const timer = setTimeout(() => settle({ kind: 'timeout' }), run.deadline);
      const settle = (outcome: Outcome): void => {
        clearTimeout(timer);
        run.signal.removeEventListener('abort', onAbort);
        resolve(outcome);
      };
      run.signal.addEventListener('abort', onAbort, { once: true });
      this.#settle = settle;
      this.#onMessage = (value) => this.#take(value, run);
      if (run.signal.aborted) onAbort();
      else if (this.#ended || !this.#child.connected) settle({ kind: this.#ready ? 'crashed' : 'missing' });
      // A failed send is told by the end of the process.
      else this.#child.send(run.task, () => undefined);
    });
  }

  #take(value: unknown, run: Run): void {
    const message = readChildMessage(value, run.task.scratch);
    if (message === null) this.#settle?.({ kind: 'crashed' });
    else if (message.type === 'ready' || message.id !== run.task.id) return;
    else if (message.type === 'early') run.early?.(message.description);
    else if (message.type === 'memory') this.#settle?.({ kind: 'memory' });
    else {
      this.#cpuSeconds = message.cpuSeconds;
      this.#memory = message.memory;
      this.#settle?.({ kind: 'done', description: message.description });
    }
  }

  #died(code: number | null, signal: NodeJS.Signals | null): void {
    // A tool that outlived its decoder ends with it.
    this.end();
    this.#exited = true;
    this.#settle?.(this.#outcomeOfDeath(code, signal));
  }

  #outcomeOfDeath(code: number | null, signal: NodeJS.Signals | null): Outcome {
    if (signal === 'SIGXCPU') return { kind: 'timeout' };
    if (!this.#ready) return { kind: 'missing' };
    const memory = MEMORY_WORDS.test(this.#stderr) || ABORT_SIGNALS.has(signal) || ABORT_SIGNALS.has(code);
    return { kind: memory ? 'memory' : 'crashed' };
  }
}

function launch(plan: ProcessPlan): ChildProcess {
  const nice = findProgram('nice');
  const command = [
    // Uploads and pages come before thumbnails.
    ...(nice === null ? [] : [nice, '-n', '10']),
    ...plan.prefix,
    ...underLimits([process.execPath, plan.childEntry], plan.limits),
  ];
  const [program = process.execPath, ...args] = command;
  return spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: SYSTEM_PATH,
      LC_ALL: 'C.UTF-8',
      // Arenas per thread would grow a long-lived process for nothing.
      MALLOC_ARENA_MAX: '2',
      UV_THREADPOOL_SIZE: '2',
    },
  });
}

/** A process without work must not keep the program running. */
function rest(child: ChildProcess, busy: boolean): void {
  const parts = [child, child.channel, child.stderr];
  for (const part of parts) {
    if (part === null || part === undefined || !('ref' in part) || !('unref' in part)) continue;
    const call = busy ? part.ref : part.unref;
    if (typeof call === 'function') call.call(part);
  }
}
