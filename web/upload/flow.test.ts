import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BacklotError } from '../../client/index.ts';
import { FINE, pick, setUp } from './queue-support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(2000);

describe('pause, resume, retry', () => {
  it('keeps the address on pause and goes on from it', async () => {
    const { queue, opened, states } = setUp();
    queue.add('acme', [pick('a.mov')]);
    await settle();
    opened[0]?.events.onAddress?.('/uploads/1');
    queue.halt('you');
    expect(opened[0]?.acts).toEqual(['start', 'pause']);
    await settle();
    expect(states()).toEqual(['queued']);
    opened[0]?.events.onDone({ asset: 'AST-00000001', reused: false });
    await settle();
    expect(states()).toEqual(['queued']);
    await queue.resumeAll();
    await settle();
    expect(opened[1]?.row.address).toBe('/uploads/1');
    expect(states()).toEqual(['uploading']);
  });

  it('pauses rows in line, and frees the places of the paused', async () => {
    const { queue, opened, states } = setUp();
    queue.add(
      'acme',
      Array.from({ length: 6 }, (_, n) => pick(`${n}.png`)),
    );
    await settle();
    queue.pause(opened[0]?.row.id ?? '');
    await settle();
    expect(states().filter((state) => state === 'uploading')).toHaveLength(4);
    queue.halt('you');
    await settle();
    expect(states().filter((state) => state === 'paused')).toHaveLength(1);
    expect(states().filter((state) => state === 'queued')).toHaveLength(5);
    const before = opened.length;
    queue.lift('you');
    await settle();
    // What was under way goes on before what was in line.
    expect(opened.slice(before).map(({ row }) => row.name)).toEqual(['1.png', '2.png', '3.png', '4.png']);
  });

  it('retries what failed but not what was refused', async () => {
    const { queue, opened, states } = setUp();
    queue.add('acme', [pick('a.mov'), pick('b.mov')]);
    await settle();
    opened[0]?.events.onError(new BacklotError(507, { code: 'over_quota', message: 'Full.' }));
    opened[1]?.events.onError(new BacklotError(500, { code: 'internal', message: 'Oh.' }));
    await settle();
    expect(states()).toEqual(['refused', 'failed']);
    await queue.retryFailed();
    await settle();
    expect(states()).toEqual(['refused', 'uploading']);
  });
});

describe('standing still', () => {
  const lost = new BacklotError(0, { code: 'offline', message: 'Lost.' });

  it('waits while the server is silent and goes on when it is back', async () => {
    let answers = false;
    const { queue, states, stood, opened } = setUp(undefined, {
      check: async (_, rows) => (answers ? rows.map(() => FINE) : Promise.reject(lost)),
    });
    queue.add('acme', [pick('a.mov'), pick('b.mov')]);
    await settle();
    expect([states(), stood, opened.length]).toEqual([['queued', 'queued'], ['offline'], 0]);
    answers = true;
    queue.lift('offline');
    await settle();
    expect(states()).toEqual(['uploading', 'uploading']);
  });

  it('pauses all transfers when one loses the connection, and keeps their addresses', async () => {
    const { queue, states, stood, opened } = setUp();
    queue.add('acme', [pick('a.mov'), pick('b.mov')]);
    await settle();
    opened[1]?.events.onAddress?.('/uploads/2');
    opened[0]?.events.onError(lost);
    await settle();
    expect([states(), stood]).toEqual([['queued', 'queued'], ['offline']]);
    expect(opened[1]?.acts).toEqual(['start', 'pause']);
    queue.lift('offline');
    await settle();
    expect(states()).toEqual(['uploading', 'uploading']);
    expect(opened.slice(2).map(({ row }) => row.address)).toContain('/uploads/2');
  });

  it('sets a row aside that loses its connection again and again, so that the others go on', async () => {
    const { queue, states, opened } = setUp();
    queue.add('acme', [pick('a.mov')]);
    for (let n = 0; n < 3; n += 1) {
      await settle();
      opened.at(-1)?.events.onError(lost);
      await settle();
      queue.lift('offline');
    }
    expect(states()).toEqual(['failed']);
  });

  it('tells a file that cannot be read any more from a lost connection', async () => {
    const { queue, rows, stood, opened } = setUp();
    const picked = pick('gone.mov');
    const unreadable = { arrayBuffer: () => Promise.reject(new Error('changed')) };
    Object.defineProperty(picked.file, 'slice', { value: () => unreadable });
    queue.add('acme', [picked]);
    await settle();
    opened[0]?.events.onError(lost);
    await settle();
    expect(rows()[0]).toMatchObject({ state: 'failed', problem: { code: 'unreadable' } });
    expect(stood).toEqual([]);
  });

  it('keeps the whole list when the session has ended', async () => {
    const { queue, states, stood, opened, saved } = setUp();
    queue.add('acme', [pick('a.mov')]);
    await settle();
    opened[0]?.events.onError(new BacklotError(401, { code: 'not_signed_in', message: 'Sign in.' }));
    await settle();
    expect([states(), stood, saved().length]).toEqual([['queued'], ['signedOut'], 1]);
  });
});
