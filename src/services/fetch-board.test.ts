import { expect, it } from 'vitest';
import type { Output } from '../contract/operations.ts';
import { FetchBoard } from './fetch-board.ts';

type Arrived = Output<'uploads.put'>;

/** Works that end when told; which of them have begun, in their order. */
function desk() {
  const board = new FetchBoard();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const join = (brand: string, name: string) =>
    board.join(brand, name, (_, signal) => {
      begun.push(name);
      return new Promise<Arrived>((resolve, reject) => {
        ends.set(name, () => resolve({} as Arrived));
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      });
    });
  return { board, begun, join, end: (name: string) => ends.get(name)?.() };
}

it('one brand never holds more than half of the places', async () => {
  const { begun, join, board } = desk();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) join('a', name);
  for (const name of ['b1', 'b2']) join('b', name);
  await expect.poll(() => begun).toEqual(['a1', 'a2', 'b1', 'b2']);
  await board.close();
});

it('a place that comes free goes to the brand with the fewest', async () => {
  const { begun, join, end, board } = desk();
  for (const name of ['a1', 'a2', 'a3']) join('a', name);
  for (const name of ['b1', 'b2']) join('b', name);
  join('c', 'c1');
  await expect.poll(() => begun).toHaveLength(4);
  end('a1');
  await expect.poll(() => begun.at(-1)).toBe('c1');
  end('b1');
  await expect.poll(() => begun.at(-1)).toBe('a3');
  await board.close();
});

it('one that is stopped while it waits leaves the line at once', async () => {
  const { begun, join, end, board } = desk();
  for (const name of ['a1', 'a2']) join('a', name);
  for (let i = 0; i < 5000; i += 1) {
    const waiting = join('a', 'a3');
    expect(waiting?.state).toBe('waiting');
    board.stop('a3');
    await expect(waiting?.outcome).rejects.toMatchObject({ code: 'fetch_failed' });
  }
  expect(board.waiting).toBe(0);
  join('a', 'a4');
  end('a1');
  await expect.poll(() => begun).toEqual(['a1', 'a2', 'a4']);
  await board.close();
});

it('a brand with a long line leaves room for others', async () => {
  const { join, board } = desk();
  const taken = Array.from({ length: 600 }, (_, i) => join('a', `a${i}`)).filter((one) => one !== null);
  expect(taken).toHaveLength(500);
  expect(join('b', 'b1')).not.toBeNull();
  await board.close();
});

it('whoever hears of one that was stopped does not make a newer one unknown', async () => {
  const { begun, join, board } = desk();
  const before = join('a', 'a1');
  board.stop('a1');
  const now = join('a', 'a1');
  await expect(before?.outcome).rejects.toThrow('stopped');
  if (before !== null) board.heard('a1', before);
  expect(join('a', 'a1')).toBe(now);
  await expect.poll(() => begun).toEqual(['a1']);
  await board.close();
});
