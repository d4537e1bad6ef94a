import { Failure } from '../domain/failures.ts';

type CursorValue = string | number | Date | null;

/** An opaque page cursor: where the last row stood in the order, and its id. */
export function encodeCursor(value: CursorValue, id: string): string {
  const plain = value instanceof Date ? value.toISOString() : value;
  return Buffer.from(JSON.stringify([plain, id])).toString('base64url');
}

export function decodeCursor(
  text: string | undefined,
): readonly [string | number | null, string] | undefined {
  if (text === undefined) return undefined;
  const value = parse(text);
  if (Array.isArray(value) && value.length === 2) {
    const [at, id] = value as unknown[];
    if (typeof id === 'string' && (typeof at === 'string' || typeof at === 'number' || at === null))
      return [at, id];
  }
  throw new Failure('invalid_input', {
    message: 'The cursor is not one of this list.',
    remedy: 'Begin again without "after".',
    details: { field: 'after' },
  });
}

/** For orders by time. */
export function decodeTimeCursor(text: string | undefined): readonly [string, string] | undefined {
  const cursor = decodeCursor(text);
  if (cursor === undefined) return undefined;
  const [at, id] = cursor;
  if (typeof at === 'string' && !Number.isNaN(Date.parse(at))) return [at, id];
  throw new Failure('invalid_input', {
    message: 'The cursor is not one of this list.',
    details: { field: 'after' },
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
