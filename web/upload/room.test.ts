import { expect, it } from 'vitest';
import { newRow } from './rows.ts';
import { withinRoom } from './room.ts';

function row(size: number) {
  const file = new File([], 'a.mov');
  Object.defineProperty(file, 'size', { value: size });
  return newRow('1', { brand: 'b', tab: 't', picked: { file, path: 'a.mov' }, fields: {} });
}
const FINE = { known: null, refusal: null };

it('refuses what the free room does not hold, and lets smaller files after it pass', () => {
  const [first, second, third] = withinRoom([row(600), row(500), row(300)], [FINE, FINE, FINE], 1000);
  expect(first).toEqual(FINE);
  expect(second?.refusal).toMatchObject({
    code: 'over_quota',
    message: '500 B do not fit: 400 B are free, 100 B are missing.',
  });
  expect(third).toEqual(FINE);
});

it('counts no room for what is held already', () => {
  const known = { known: { id: 'AST-00000001', name: 'Sun' }, refusal: null };
  expect(withinRoom([row(900), row(900)], [known, FINE], 1000)).toEqual([known, FINE]);
});
