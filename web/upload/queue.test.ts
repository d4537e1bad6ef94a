import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BacklotError } from '../../client/index.ts';
import type { UploadFields } from '../../client/index.ts';
import type { TransferEvents } from '../../client/upload.ts';
import { TRANSFERS_AT_ONCE } from './flow.ts';
import { UploadQueue } from './queue.ts';
import type { StandStill } from './queue-view.ts';
import type { QueueDeps } from './queue.ts';
import { folderTags, mayHaveArrived, newRow } from './rows.ts';
import type { CheckedFile, Picked, SavedRow, UploadRow } from './rows.ts';

const FINE: CheckedFile = { known: null, refusal: null };

interface Opened {
  readonly row: UploadRow;
  readonly events: TransferEvents;
  readonly acts: string[];
}

function pick(name: string, size = 10, path = name): Picked {
  const file = new File([], name, { lastModified: 1000 });
  Object.defineProperty(file, 'size', { value: size });
  return { file, path };
}

function setUp(answer: (row: UploadRow) => CheckedFile = () => FINE, over: Partial<QueueDeps> = {}) {
  const opened: Opened[] = [];
  const chunksKept = new Map<string, readonly SavedRow[]>();
  const stood: StandStill[] = [];
  const arrived: string[] = [];
  const asked: number[] = [];
  const late: [string, UploadFields][] = [];
  const givenUp: string[] = [];
  const queue = new UploadQueue({
    check: async (_, rows) => {
      asked.push(rows.length);
      return rows.map(answer);
    },
    hash: async (file) => (file instanceof File ? `hash of ${file.name}` : null),
    open: (row, events) => {
      const acts: string[] = [];
      opened.push({ row, events, acts });
      return {
        start: () => void acts.push('start'),
        pause: () => void acts.push('pause'),
        resume: () => void acts.push('resume'),
        abort: () => void acts.push('abort'),
      };
    },
    giveUp: (address) => void givenUp.push(address),
    hashersAtOnce: 2,
    save: (chunks) => chunks.forEach(({ id, rows }) => void chunksKept.set(id, rows)),
    forget: (ids) => ids.forEach((id) => chunksKept.delete(id)),
    stoodStill: (why) => void stood.push(why),
    amend: (amended, fields) => amended.forEach((row) => void late.push([row.name, fields])),
    arrived: (brand) => void arrived.push(brand),
    tab: 't',
    ...over,
  });
  const rows = () => [...queue.view().rows.values()];
  const states = () => rows().map(({ state }) => state);
  const saved = () => [...chunksKept.values()].flat();
  return { queue, opened, saved, arrived, asked, late, givenUp, rows, states, stood };
}

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

describe('a reload', () => {
  it('keeps a file that was on its way to two brands apart for each', async () => {
    const before = setUp();
    before.queue.add('acme', [pick('logo.svg')]);
    before.queue.add('bolt', [pick('logo.svg')]);
    before.queue.halt('you');
    await settle();
    const after = setUp(undefined, { tab: 'u' });
    await after.queue.adopt(before.saved());
    for (const brand of ['acme', 'bolt']) after.queue.add(brand, [pick('logo.svg')]);
    await settle();
    expect(after.rows().map(({ brand, file }) => [brand, file !== null])).toEqual([
      ['acme', true],
      ['bolt', true],
    ]);
  });

  it('lists unfinished files and goes on when the same ones are chosen again', async () => {
    const before = setUp();
    before.queue.add('acme', [pick('a.mov', 10, 'shoot/a.mov'), pick('b.mov')]);
    await settle();
    before.opened[0]?.events.onAddress?.('/uploads/1');
    before.opened[1]?.events.onDone({ asset: 'AST-00000001', reused: false });
    before.queue.halt('you');
    await settle();
    const saved = before.saved();
    expect(saved).toMatchObject([{ path: 'shoot/a.mov', address: '/uploads/1' }]);

    const after = setUp(undefined, { tab: 'u' });
    await after.queue.adopt(saved);
    await settle();
    expect(after.states()).toEqual(['paused']);
    await after.queue.resumeAll();
    await settle();
    expect(after.states()).toEqual(['paused']);
    after.queue.add('acme', [pick('a.mov', 10, 'shoot/a.mov'), pick('a.mov', 11, 'shoot/a.mov')]);
    await settle();
    expect(after.opened.map(({ row }) => row.address)).toEqual(['/uploads/1', null]);
  });

  it('writes all that has changed when the page is about to go', () => {
    const { queue, saved } = setUp();
    const many = Array.from({ length: 3000 }, (_, n) => pick(`${n}.png`));
    queue.add('acme', many);
    expect(saved()).toEqual([]);
    queue.flush();
    expect(saved()).toHaveLength(many.length);
  });

  it('forgets files that arrived although no answer said so, and asks for the others', async () => {
    const before = setUp();
    before.queue.add('acme', [pick('a.mov'), pick('b.mov')]);
    await settle();
    before.queue.flush();
    const saved = before.saved();
    expect(saved.map(mayHaveArrived)).toEqual([true, true]);
    const kept = new Map<string, readonly SavedRow[]>([['t:0', saved]]);
    const after = setUp(undefined, {
      tab: 'u',
      save: (chunks) => chunks.forEach(({ id, rows }) => kept.set(id, rows)),
      forget: (ids) => ids.forEach((id) => kept.delete(id)),
    });
    await after.queue.adopt(saved, new Set(saved.slice(0, 1).map(({ id }) => id)));
    after.queue.flush();
    expect(after.rows().map(({ name }) => name)).toEqual(['b.mov']);
    expect([...kept.values()].flat().map(({ name }) => name)).toEqual(['b.mov']);
    const rest = [...kept.values()].flat();
    await setUp(undefined, {
      tab: 'v',
      forget: (ids) => ids.forEach((id) => kept.delete(id)),
    }).queue.adopt(rest, new Set(rest.map(({ id }) => id)));
    await settle();
    expect(kept.size).toBe(0);
  });

  it('takes bytes that an earlier attempt brought for arrived, not for a duplicate', async () => {
    const known = { id: 'AST-00000001', name: 'a' };
    const before = setUp();
    before.queue.add('acme', [pick('a.mov')]);
    await settle();
    before.opened[0]?.events.onError(new BacklotError(500, { code: 'internal', message: 'Oh.' }));
    await before.queue.retryFailed();
    await settle();
    before.opened[1]?.events.onDone({ asset: known.id, reused: true });
    await settle();
    expect(before.states()).toEqual(['done']);

    const saved = {
      ...newRow('t-7', { brand: 'acme', tab: 't', picked: pick('c.mov'), fields: {} }),
      begun: true,
    };
    const after = setUp((row) => ({ known: row.sha256 === null ? null : known, refusal: null }), {
      tab: 'u',
    });
    await after.queue.adopt([saved]);
    after.queue.add('acme', [pick('c.mov'), pick('d.mov')]);
    await settle();
    expect(after.states()).toEqual(['done', 'duplicate']);
  });
});

describe('a row that was paused by itself', () => {
  it('stays paused after a reload, even with its file at hand', async () => {
    const before = setUp();
    before.queue.add('acme', [pick('a.mov')]);
    await settle();
    before.queue.pause(before.rows()[0]?.id ?? '');
    await settle();
    const after = setUp(undefined, { tab: 'u' });
    await after.queue.adopt(before.saved());
    after.queue.add('acme', [pick('a.mov')]);
    await settle();
    expect(after.states()).toEqual(['paused']);
    await after.queue.resumeAll();
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

it('suggests folder names as tags', () => {
  expect(folderTags('Summer shoot/day 1/a.mov')).toEqual(['Summer shoot', 'day 1']);
  expect(folderTags('a.mov')).toEqual([]);
});
