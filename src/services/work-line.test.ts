import { expect, it } from 'vitest';
import { Failure } from '../domain/failures.ts';
import { WorkLine } from './work-line.ts';

/** Work that ends when it is told to. */
function held() {
  let end: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (end = resolve));
  return { work: () => done, end };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

it('does the same work once for all who ask while it runs', async () => {
  const line = new WorkLine(1);
  const { work, end } = held();
  let times = 0;
  const asks = Array.from({ length: 50 }, () => line.join('a', 'key', () => ((times += 1), work())));
  end();
  await Promise.all(asks);
  expect(times).toBe(1);
});

it('runs so many at a time and sends away whom it has no place for', async () => {
  const line = new WorkLine(2);
  const { work, end } = held();
  let running = 0;
  let most = 0;
  const asks = Array.from({ length: 200 }, (_, i) =>
    line
      .join(`brand ${i % 5}`, `${i}`, async () => {
        running += 1;
        most = Math.max(most, running);
        await work();
        running -= 1;
      })
      .then(
        () => 'done',
        (error: unknown) => (error instanceof Failure ? error.code : 'other'),
      ),
  );
  end();
  const answers = await Promise.all(asks);
  expect(most).toBe(2);
  expect(answers.filter((answer) => answer === 'done')).toHaveLength(66);
  expect(answers.filter((answer) => answer === 'too_busy')).toHaveLength(134);
  await expect(line.join('brand 0', 'later', () => Promise.resolve())).resolves.toBeUndefined();
});

it('keeps places for other brands and takes brands in turn', async () => {
  const line = new WorkLine(1);
  const { work, end } = held();
  const order: string[] = [];
  const ask = (brand: string, key: string) =>
    line.join(brand, key, () => (order.push(`${brand}${key}`), Promise.resolve()));
  const first = line.join('loud', 'first', work);
  const loud = Array.from({ length: 60 }, (_, i) => ask('loud', String(i)).catch(() => undefined));
  const quiet = [ask('quiet', '0'), ask('quiet', '1')];
  end();
  await Promise.all([first, ...loud, ...quiet]);
  expect(order.slice(0, 4)).toEqual(['loud0', 'quiet0', 'loud1', 'quiet1']);
  expect(order).toHaveLength(50);
});

it('remembers for a while that there is no picture, and tries other faults again', async () => {
  const line = new WorkLine(1);
  let times = 0;
  const fail = (code: 'no_picture' | 'unavailable') => () => (
    (times += 1),
    Promise.reject(new Failure(code))
  );
  for (let i = 0; i < 3; i += 1) {
    await expect(line.join('a', 'bad', fail('no_picture'))).rejects.toMatchObject({ code: 'no_picture' });
    await expect(line.join('a', 'down', fail('unavailable'))).rejects.toMatchObject({ code: 'unavailable' });
    await settle();
  }
  expect(times).toBe(4);
});
