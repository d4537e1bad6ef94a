import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BacklotError } from '../../client/index.ts';
import { pick, setUp } from './queue-support.ts';
import { mayHaveArrived, newRow } from './rows.ts';
import type { SavedRow } from './rows.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(2000);

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
