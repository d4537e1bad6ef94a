import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { keepPace } from './pace.ts';
import { OutboundError } from './safe-fetch.ts';

/** Parts that each take their time on a clock of the test's own; what comes through before it ends. */
async function through(
  parts: readonly { readonly ms: number; readonly bytes: number }[],
  readingMs = 0,
): Promise<{ came: number; end: string }> {
  let time = 0;
  async function* source() {
    for (const { ms, bytes } of parts) {
      time += ms;
      yield Buffer.alloc(bytes);
    }
  }
  let came = 0;
  try {
    for await (const part of keepPace(source(), { least: 600, windowMs: 60_000, now: () => time })) {
      came += part.length;
      time += readingMs;
    }
    return { came, end: 'whole' };
  } catch (error) {
    return { came, end: error instanceof OutboundError ? error.reason : String(error) };
  }
}

it('ends a body of single bytes after a minute', async () => {
  const trickle = Array.from({ length: 400 }, () => ({ ms: 29_000, bytes: 1 }));
  expect(await through(trickle)).toEqual({ came: 2, end: 'slow' });
});

it('leaves a short one alone, and one that was fast before it became slow until the minute after', async () => {
  expect((await through([{ ms: 59_999, bytes: 1 }])).end).toBe('whole');
  const slowing = [
    { ms: 60_000, bytes: 900_000 },
    { ms: 59_999, bytes: 1 },
    { ms: 1, bytes: 1 },
  ];
  expect(await through(slowing)).toEqual({ came: 900_001, end: 'slow' });
});

it('never blames the sender for a slow reader', async () => {
  const parts = Array.from({ length: 50 }, () => ({ ms: 1000, bytes: 1 }));
  expect((await through(parts, 3_600_000)).end).toBe('whole');
});

it('hands on every byte of whoever keeps the pace', async () => {
  const part = fc.integer({ min: 1, max: 5000 }).map((ms) => ({ ms, bytes: Math.ceil(ms / 50) }));
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 60 }), async (parts) => {
      const whole = parts.reduce((sum, { bytes }) => sum + bytes, 0);
      expect(await through(parts)).toEqual({ came: whole, end: 'whole' });
    }),
  );
});
