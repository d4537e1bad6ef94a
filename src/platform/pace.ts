import { OutboundError } from './safe-fetch.ts';

export interface Pace {
  /** Bytes in each window. */
  readonly least: number;
  /** Milliseconds spent waiting for the other side; what its reader takes does not count. */
  readonly windowMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** Ten kilobytes a second on an average of a minute: slower ones only hold a place that others wait for. */
export const LEAST_PACE: Pace = { least: 600_000, windowMs: 60_000, now: () => performance.now() };

/** Hands a body on, and ends it once a whole window has brought too little. */
export async function* keepPace<T extends { readonly length: number }>(
  source: AsyncIterable<T>,
  { least, windowMs, now }: Pace,
): AsyncGenerator<T, void, undefined> {
  let waited = 0;
  let came = 0;
  let asked = now();
  for await (const part of source) {
    waited += now() - asked;
    came += part.length;
    if (waited >= windowMs) {
      if (came < least) throw new OutboundError('slow', 'The address sends too slowly.');
      waited = 0;
      came = 0;
    }
    yield part;
    asked = now();
  }
}
