import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ToolLimits } from '../platform/run-tool.ts';
import type { Decoder, DescribeTask, Description, MediaSource, Tools } from './contract.ts';
import { DecoderProcess, type Outcome } from './decoder-process.ts';
import { LONG_SOUND } from './finite.ts';
import { withoutNetwork } from './isolation.ts';
import { isOffice } from './office-format.ts';
import { failed } from './outcome.ts';

const MIB = 1024 * 1024;

/** Limits of one class of work. */
export interface ClassLimits {
  readonly limits: ToolLimits;
  /** Milliseconds for one file. */
  readonly deadline: number;
}

export interface DecoderLimits {
  readonly decode: ClassLimits;
  /** Videos, documents and formats that need more memory by their nature. */
  readonly long: ClassLimits;
}

/** Office documents have the limits of long work, and one at a time is laid out: the program that does it is large. */
type Class = keyof DecoderLimits | 'office';

const DEFAULT_LIMITS: DecoderLimits = {
  decode: { limits: { memory: 300 * MIB, cpu: 20, fileSize: 256 * MIB }, deadline: 30_000 },
  long: { limits: { memory: 1024 * MIB, cpu: 60, fileSize: 512 * MIB }, deadline: 60_000 },
};

const SLOW_LIMITS: ClassLimits = {
  limits: { memory: 1024 * MIB, cpu: 6 * 3600, fileSize: 8192 * MIB },
  deadline: 3 * 3_600_000,
};

/** A process is replaced before it has used half of its lifetime limits, so that every file has the other half. */
const MAX_TASKS = 250;
const CPU_SHARE = 0.5;
const MEMORY_SHARE = 0.75;

/** Above this many bytes an AVIF may hold more pixels than fit into the small class (20 bytes per pixel). */
const LARGE_AVIF = 300_000;
const LARGE_FILE = 64 * MIB;

export interface DecoderOptions {
  readonly tools: Tools;
  /** Files decoded at once; not more than the machine has cores. */
  readonly parallel: number;
  /** A process without work ends after this many seconds. Default 20. */
  readonly idleSeconds?: number;
  readonly limits?: DecoderLimits;
  /** The compiled child module; found beside this one by default. */
  readonly childEntry?: string;
}

interface Slot {
  readonly work: Class;
  readonly process: DecoderProcess;
  busy: boolean;
  idle: NodeJS.Timeout | null;
}

interface Waiting {
  readonly task: DescribeTask;
  readonly work: Class;
  readonly resolve: (description: Description) => void;
  readonly reject: (error: unknown) => void;
  /** From here on the process watches the signal, not the queue. */
  readonly started: () => void;
}

/** Makes the pool of decoding processes. Nothing runs until the first task or `warm()`. */
export function createDecoder(options: DecoderOptions): Decoder {
  const pool = new Pool(options);
  // A place of its own: a film that is made smaller for an hour must not hold up anything else.
  const slow = new Pool({ ...options, parallel: 1, limits: { decode: SLOW_LIMITS, long: SLOW_LIMITS } });
  // Somebody waits for a picture on a page, so it takes no turn behind the files that are read for the first time.
  const pictures = new Pool(options);
  const poolFor = ({ make }: DescribeTask) =>
    make === 'proxy' ? slow : make === 'picture' ? pictures : pool;
  return {
    describe: (source, scratch, signal) => pool.add({ source, scratch, signal }),
    describeInSteps: (task) => poolFor(task).add(task),
    warm: () => void pool.warm(),
    close: async () => {
      await Promise.all([pool.close(), slow.close(), pictures.close()]);
    },
  };
}

/** The child beside this module; under a test runner that reads TypeScript, the compiled one in `dist`. */
function findChildEntry(): string {
  const beside = fileURLToPath(new URL('./decoder-child.js', import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL('../../dist/src/media/decoder-child.js', import.meta.url));
}

function classOf(source: MediaSource, tools: Tools): Class {
  const { mime, mediaType } = source.detected;
  if (isOffice(mime) && tools.office !== null) return 'office';
  if (/^image\/hei[cf]$/.test(mime)) return 'long';
  if (mediaType === 'audio' && source.size > LONG_SOUND) return 'long';
  if (mediaType === 'video' || mime === 'application/pdf' || source.size > LARGE_FILE) return 'long';
  return mime === 'image/avif' && source.size > LARGE_AVIF ? 'long' : 'decode';
}

class Pool {
  readonly #options: DecoderOptions;
  readonly #limits: DecoderLimits;
  readonly #childEntry: string;
  readonly #slots = new Set<Slot>();
  #waiting: Waiting[] = [];
  #prefix: readonly string[] | null = null;
  #nextId = 1;
  #closed = false;

  constructor(options: DecoderOptions) {
    this.#options = options;
    this.#limits = options.limits ?? DEFAULT_LIMITS;
    this.#childEntry = options.childEntry ?? findChildEntry();
  }

  async add(task: DescribeTask): Promise<Description> {
    task.signal.throwIfAborted();
    this.#prefix ??= await withoutNetwork();
    const isQuick = task.make === undefined || task.make === 'picture';
    return this.#enqueue(task, isQuick ? classOf(task.source, this.#options.tools) : 'long');
  }

  async warm(): Promise<void> {
    this.#prefix ??= await withoutNetwork();
    if (!this.#closed && this.#slots.size === 0) this.#release(this.#open('decode'));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { resolve, started } of this.#waiting) {
      started();
      resolve(failed('stopped'));
    }
    this.#waiting = [];
    for (const slot of this.#slots) this.#drop(slot);
  }

  #limitsOf(work: Class): ClassLimits {
    return this.#limits[work === 'office' ? 'long' : work];
  }

  #enqueue(task: DescribeTask, work: Class): Promise<Description> {
    if (this.#closed) return Promise.resolve(failed('stopped'));
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(task.signal.reason);
      };
      const started = (): void => task.signal.removeEventListener('abort', onAbort);
      const waiting: Waiting = { task, work, resolve, reject, started };
      task.signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiting);
      this.#fill();
    });
  }

  /** Gives waiting tasks to free processes, in order, as far as places and classes allow. */
  #fill(): void {
    for (const waiting of this.#waiting.slice()) {
      const slot = this.#place(waiting.work);
      if (slot === null) continue;
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      waiting.started();
      void this.#serve(slot, waiting);
    }
  }

  /** A free process of the class, or a new one in a free place; null when the task has to wait. */
  #place(work: Class): Slot | null {
    const busy = [...this.#slots].filter((slot) => slot.busy);
    if (busy.length >= this.#options.parallel) return null;
    // One place stays for quick work: a row of videos must not hold up the pictures.
    const long = busy.filter((slot) => slot.work !== 'decode').length;
    if (work === 'office' && busy.some((slot) => slot.work === 'office')) return null;
    if (work !== 'decode' && long >= Math.max(1, this.#options.parallel - 1)) return null;
    const idle = [...this.#slots].filter((slot) => !slot.busy);
    const ready = idle.find((slot) => slot.work === work && slot.process.alive);
    for (const slot of idle) {
      if (!slot.process.alive) this.#drop(slot);
    }
    if (ready !== undefined) return this.#take(ready);
    const spare = [...this.#slots].find((slot) => !slot.busy);
    if (this.#slots.size >= this.#options.parallel && spare !== undefined) this.#drop(spare);
    return this.#open(work);
  }

  #open(work: Class): Slot {
    const { limits } = this.#limitsOf(work);
    const process = new DecoderProcess({ childEntry: this.#childEntry, limits, prefix: this.#prefix ?? [] });
    const slot: Slot = { work, process, busy: true, idle: null };
    this.#slots.add(slot);
    return slot;
  }

  #take(slot: Slot): Slot {
    if (slot.idle !== null) clearTimeout(slot.idle);
    slot.idle = null;
    slot.busy = true;
    return slot;
  }

  async #serve(slot: Slot, waiting: Waiting): Promise<void> {
    const { source, scratch, signal, early, make, cut, picture, deadline } = waiting.task;
    let first: Description | null = null;
    const outcome = await slot.process.run({
      task: {
        id: this.#nextId++,
        source,
        scratch,
        tools: this.#options.tools,
        ...(make === undefined ? {} : { make }),
        ...(cut === undefined ? {} : { cut }),
        ...(picture === undefined ? {} : { picture }),
      },
      signal,
      deadline: deadline ?? this.#limitsOf(slot.work).deadline,
      early: (description) => {
        first = description;
        early?.(description);
      },
    });
    this.#release(slot);
    this.#answer(waiting, outcome, first);
    this.#fill();
  }

  #answer({ task, work, resolve, reject }: Waiting, outcome: Outcome, first: Description | null): void {
    if (outcome.kind === 'aborted') reject(task.signal.reason);
    else if (outcome.kind === 'done') resolve(outcome.description);
    else if (this.#closed) resolve(failed('stopped'));
    else if (outcome.kind === 'memory' && work === 'decode') {
      // Large is not broken: once more where there is room.
      this.#enqueue(task, 'long').then(resolve, reject);
    } else {
      // What was told early stays true: a thumbnail is no failure because a larger picture was too much.
      resolve(first ?? failed(reasonOf(outcome)));
    }
  }

  #release(slot: Slot): void {
    slot.busy = false;
    const { process, work } = slot;
    const { cpu = Infinity, memory = Infinity } = this.#limitsOf(work).limits;
    const worn =
      process.tasks >= MAX_TASKS ||
      process.spent.cpuSeconds > cpu * CPU_SHARE ||
      process.spent.memory > memory * MEMORY_SHARE;
    if (!process.alive || worn || this.#closed) {
      this.#drop(slot);
      return;
    }
    slot.idle = setTimeout(() => this.#drop(slot), (this.#options.idleSeconds ?? 20) * 1000);
    slot.idle.unref();
  }

  #drop(slot: Slot): void {
    if (slot.idle !== null) clearTimeout(slot.idle);
    this.#slots.delete(slot);
    slot.process.end();
  }
}

function reasonOf(outcome: Outcome): Parameters<typeof failed>[0] {
  switch (outcome.kind) {
    case 'timeout':
      return 'timeout';
    case 'memory':
      return 'too_large';
    case 'missing':
      return 'decoder_missing';
    default:
      return 'decoder_crashed';
  }
}
