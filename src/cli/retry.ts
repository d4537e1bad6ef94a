import { refusalIn, refusalOf } from './errors.ts';
import type { Refusal } from './errors.ts';
import { FileChanged } from './send.ts';
import type { Answer } from './send.ts';
import { reason } from './walk.ts';

/** An answer that may be another one in a moment: the server restarts, is busy, or asks for patience. */
export class Passing extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`The server answered ${answer.status}.`);
    this.answer = answer;
  }
}

export function mayPass(status: number): boolean {
  if (status === 501 || status === 505 || status === 507) return false;
  return status === 408 || status === 423 || status === 429 || status >= 500;
}

/** Codes of the file system, as opposed to those of the connection. */
const FILE_CODES: ReadonlySet<string> = new Set(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'EIO']);

/** Whether the same request may succeed later: a lost connection may, a refusal or an unreadable file will not. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Passing) return true;
  if (error instanceof FileChanged || !(error instanceof Error)) return false;
  // Mistakes of the program, which repeating would only hide.
  if (error instanceof TypeError || error instanceof RangeError) return false;
  const code = 'code' in error ? String(error.code) : '';
  if ('remedy' in error) return code === 'offline' || ('status' in error && mayPass(Number(error.status)));
  return !FILE_CODES.has(code);
}

/** What to tell a person about an attempt that came to nothing. */
export function refusalFor(error: unknown): Refusal {
  if (error instanceof Passing) return refusalIn(error.answer.status, error.answer.body);
  if (error instanceof FileChanged) {
    return { code: 'changed', message: 'The file changed while it was read.', remedy: 'Send it again.' };
  }
  const known = error instanceof Error && 'remedy' in error ? refusalOf(error) : null;
  if (known !== null) return known;
  if (!isPassing(error)) return { code: 'unreadable', message: reason(error), remedy: null };
  return {
    code: 'offline',
    message: 'The connection to the server was lost.',
    remedy: 'Run the same command again: what has arrived is recognised and not sent twice.',
  };
}
