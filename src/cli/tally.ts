import { formatBytes } from '../domain/quota.ts';
import type { Context } from './command.ts';
import type { Refusal } from './errors.ts';
import { printJson, printable, wantsJson } from './print.ts';
import type { Progress } from './progress.ts';

/** What came of one path; `bytes` are those that travelled. */
export interface Outcome {
  readonly path: string;
  readonly outcome: 'uploaded' | 'reused' | 'failed';
  readonly id: string | null;
  /** Fields that were given and left as the library has them, because it held the bytes already. */
  readonly notApplied: readonly string[];
  readonly bytes: number;
  readonly error: Refusal | null;
}

/** What came of each file, told as it happens and in sum. */
export class Tally {
  leftOut = 0;
  stopped = false;
  readonly progress: Progress;
  readonly #context: Context;
  readonly #outcomes: Outcome[] = [];
  readonly #counts = { uploaded: 0, reused: 0, failed: 0 };
  #bytes = 0;

  constructor(context: Context, progress: Progress) {
    this.#context = context;
    this.progress = progress;
  }

  add(outcome: Outcome): void {
    this.#counts[outcome.outcome] += 1;
    this.#bytes += outcome.bytes;
    if (wantsJson(this.#context)) this.#outcomes.push(outcome);
    const { host } = this.#context;
    const name = printable(outcome.path);
    this.progress.say(() => {
      if (outcome.error !== null) {
        host.error(
          `failed: ${name}: ${outcome.error.message} ${outcome.error.remedy ?? ''}`.trimEnd() + '\n',
        );
      } else if (!wantsJson(this.#context) && !host.isTerminal) {
        host.out(`${outcome.outcome}\t${outcome.id ?? ''}\t${name}\n`);
      }
      if (outcome.notApplied.length > 0) {
        host.error(`already there: ${name}: left as it is: ${outcome.notApplied.join(', ')}\n`);
      }
    });
  }

  count(outcome: Outcome['outcome']): number {
    return this.#counts[outcome];
  }

  summary(seconds: number): void {
    const { host } = this.#context;
    const { uploaded, reused, failed: broken } = this.#counts;
    const more = { leftOut: this.leftOut, stopped: this.stopped, bytes: this.#bytes };
    if (wantsJson(this.#context)) {
      printJson(this.#context, { uploaded, reused, failed: broken, ...more, files: this.#outcomes });
      return;
    }
    const parts = [`${uploaded} uploaded`];
    if (reused > 0) parts.push(`${reused} already there`);
    if (broken > 0) parts.push(`${broken} failed`);
    if (this.leftOut > 0) parts.push(`${this.leftOut} hidden entries and links left out`);
    host.error(`${parts.join(', ')} (${formatBytes(this.#bytes)} in ${seconds.toFixed(1)} s)\n`);
    if (this.stopped) host.error('Stopped, because the server does not answer any more.\n');
  }
}
