import type { BacklotError } from '../../client/index.ts';
import type { Problem } from './rows.ts';

/** Why nothing moves: no answer comes, or the session has ended. */
export type Hindrance = 'offline' | 'signedOut';

export const UNREADABLE: Problem = {
  code: 'unreadable',
  message: 'This file can no longer be read: it was changed, moved or deleted.',
  remedy: 'Choose it again.',
};

export function canRead(file: File): Promise<boolean> {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

export function hindranceOf(error: unknown): Hindrance | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  if (error.code === 'offline') return 'offline';
  return error.code === 'not_signed_in' ? 'signedOut' : null;
}

/** An answer that the same request would get again. */
export function isRefusal(error: BacklotError): boolean {
  return (error.status >= 400 && error.status < 500) || error.status === 507;
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const remedy = 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : null;
    return { code: error.code, message: error.message, remedy };
  }
  const message = error instanceof Error ? error.message : 'Something unexpected happened.';
  return { code: 'unexpected', message, remedy: 'Retry it.' };
}
