import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BacklotError } from '../../client/index.ts';
import { TRANSFERS_AT_ONCE } from './flow.ts';
import { pick, setUp } from './queue-support.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(2000);

describe('the way of a file', () => {
  it('is asked about, hashed, compared and sent', async () => {
    const { queue, opened, arrived, states, rows, asked } = setUp();
    queue.add('acme', [pick('a.png')], { tags: ['x'] });
    await settle();
    expect(asked).toEqual([1, 1]);
    expect(states()).toEqual(['uploading']);
    expect(opened[0]?.row).toMatchObject({ sha256: 'hash of a.png', fields: { tags: ['x'], name: 'a.png' } });
    opened[0]?.events.onProgress(5);
    await settle();
    expect(queue.view().tally).toMatchObject({ bytes: 10, sent: 5 });
    opened[0]?.events.onDone({ asset: 'AST-00000001', reused: false });
    await settle();
    expect(rows()[0]).toMatchObject({
      state: 'done',
      asset: { id: 'AST-00000001', name: 'a.png' },
      file: null,
    });
    expect(arrived).toEqual(['acme']);
  });

  it('runs four transfers at a time and starts the next when one ends', async () => {
    const { queue, opened, states } = setUp();
    queue.add(
      'acme',
      Array.from({ length: 7 }, (_, n) => pick(`${n}.png`)),
    );
    await settle();
    expect(opened).toHaveLength(TRANSFERS_AT_ONCE);
    opened[1]?.events.onDone({ asset: 'AST-00000001', reused: false });
    await settle();
    expect(opened).toHaveLength(5);
    expect(states().filter((state) => state === 'uploading')).toHaveLength(4);
  });

  it('tells the asset what was said after the bytes had set out', async () => {
    const { queue, opened, late, rows } = setUp();
    queue.add('acme', [pick('a.png')]);
    await settle();
    const id = rows()[0]?.id ?? '';
    queue.describe([id], { sceneHint: 'At dawn' });
    expect(late).toEqual([]);
    opened[0]?.events.onDone({ asset: 'AST-00000001', reused: false });
    await queue.describe([id], { type: 'logo' });
    expect(late).toEqual([
      ['a.png', { sceneHint: 'At dawn' }],
      ['a.png', { type: 'logo' }],
    ]);
  });

  it('sends without a hash where the browser cannot make one', async () => {
    const { queue, states } = setUp(undefined, { hash: async () => Promise.reject(new Error('no wasm')) });
    queue.add('acme', [pick('a.png')]);
    await settle();
    expect(states()).toEqual(['uploading']);
  });

  it('hashes a very large file while it travels, and calls it off when the brand holds it', async () => {
    const known = { id: 'AST-00000009', name: 'Take one' };
    const { queue, opened, rows } = setUp((row) => ({
      known: row.sha256 === null ? null : known,
      refusal: null,
    }));
    queue.add('acme', [pick('take.mov', 2 * 1024 ** 3)]);
    await settle();
    expect(opened[0]?.acts).toEqual(['start', 'abort']);
    expect(rows()[0]).toMatchObject({ state: 'duplicate', asset: known, address: null });
  });
});

describe('refusals and duplicates', () => {
  const refusal = { code: 'over_cap', message: 'Too large.', remedy: 'Cut it.' };

  it('says a refusal before anything is hashed or sent, and lists it first', async () => {
    const { queue, opened } = setUp((row) => ({
      known: null,
      refusal: row.name === 'b.mov' ? refusal : null,
    }));
    queue.add('acme', [pick('a.mov'), pick('b.mov')]);
    await settle();
    expect(opened).toHaveLength(1);
    expect(
      queue
        .view()
        .tally.window(0, 9)
        .map(({ name, problem }) => [name, problem]),
    ).toEqual([
      ['b.mov', refusal],
      ['a.mov', null],
    ]);
  });

  it('offers the asset that is held; keeping both sends the bytes and says so', async () => {
    const known = { id: 'AST-00000009', name: 'Sun' };
    const { queue, opened, rows, states } = setUp((row) => ({
      known: row.sha256 === null ? null : known,
      refusal: null,
    }));
    queue.add('acme', [pick('a.png'), pick('b.png')]);
    await settle();
    expect(states()).toEqual(['duplicate', 'duplicate']);
    const [first, second] = rows();
    queue.decide(first?.id ?? '', 'reuse');
    queue.decide(second?.id ?? '', 'keep');
    await settle();
    expect(states()).toEqual(['done', 'uploading']);
    expect(opened[0]?.row.fields.onDuplicate).toBe('keep');
  });

  it('takes files that are held already into the collections they were sent to, in one go', async () => {
    const { queue, late, rows } = setUp((row) => ({
      known: { id: `AST-0000000${row.name[0]}`, name: row.name },
      refusal: null,
    }));
    queue.add('acme', [pick('1.png'), pick('2.png')], { collection: ['trees'] });
    queue.add('acme', [pick('3.png')]);
    queue.add('acme', [pick('4.png')], { collection: ['trees'] });
    await settle();
    queue.decide(rows()[3]?.id ?? '', 'keep');
    await queue.decideAll('reuse');
    await settle();
    expect(late).toEqual([
      ['1.png', { collection: ['trees'] }],
      ['2.png', { collection: ['trees'] }],
    ]);
  });

  it('shows a match that only the server noticed', async () => {
    const { queue, opened, rows } = setUp();
    queue.add('acme', [pick('a.png')]);
    await settle();
    opened[0]?.events.onDone({ asset: 'AST-00000002', reused: true });
    await settle();
    expect(rows()[0]).toMatchObject({ state: 'duplicate', asset: { id: 'AST-00000002' } });
  });
});

describe('addresses', () => {
  it('are handed to the server, which tells their size and name', async () => {
    const { queue, rows, opened, asked } = setUp();
    queue.addAddresses('acme', ['https://example.com/logo.svg'], { tags: ['press'] });
    await settle();
    expect(asked).toEqual([]);
    opened[0]?.events.onSize?.(1000);
    opened[0]?.events.onProgress(400);
    await settle();
    expect(queue.view().tally).toMatchObject({ bytes: 1000, sent: 400 });
    opened[0]?.events.onDone({ asset: 'AST-00000001', reused: false, name: 'Logo' });
    await settle();
    expect(rows()[0]).toMatchObject({ state: 'done', asset: { name: 'Logo' }, fields: { tags: ['press'] } });
  });

  it('go on by themselves after a reload', async () => {
    const before = setUp();
    before.queue.addAddresses('acme', ['https://example.com/logo.svg']);
    await settle();
    const after = setUp(undefined, { tab: 'u' });
    await after.queue.adopt(before.saved());
    await settle();
    expect(after.states()).toEqual(['uploading']);
  });
});

describe('giving up', () => {
  it('tells the server about failed rows and rows of an earlier visit, each once', async () => {
    const { queue, opened, givenUp, saved, rows } = setUp();
    queue.add('acme', [pick('a.mov'), pick('b.mov'), pick('c.mov')]);
    await settle();
    const [a, b, c] = opened;
    a?.events.onAddress?.('/uploads/1');
    b?.events.onAddress?.('/uploads/2');
    c?.events.onAddress?.('/uploads/3');
    a?.events.onError(new BacklotError(500, { code: 'internal', message: 'Oh.' }));
    c?.events.onDone({ asset: 'AST-00000001', reused: false });
    await settle();
    const left = saved().map((row) => ({ ...row }));
    rows().forEach(({ id }) => queue.remove(id));
    // The one under way ends its own transfer; the one that has arrived has nothing to give up.
    expect(b?.acts).toEqual(['start', 'abort']);
    expect(givenUp).toEqual(['/uploads/1']);

    const after = setUp(undefined, { tab: 'u' });
    await after.queue.adopt(left);
    left.forEach(({ id }) => after.queue.remove(id));
    expect(after.givenUp).toEqual(['/uploads/1', '/uploads/2']);
  });
});

describe('size', () => {
  it('takes 10,000 files with a handful of questions and paints', async () => {
    vi.useRealTimers();
    const { queue, asked } = setUp();
    const picked = Array.from({ length: 10_000 }, (_, n) => pick(`${n}.png`));
    let painted = 0;
    queue.subscribe(() => void (painted += 1));
    queue.add('acme', picked);
    // Nothing is painted while files are added, however many there are.
    expect(painted).toBeLessThanOrEqual(1);
    await vi.waitFor(() => expect(painted).toBeGreaterThan(0));
    expect(Math.max(...asked)).toBe(1000);
    await queue.clear(['queued', 'uploading', 'hashing', 'checking']);
  });
});
