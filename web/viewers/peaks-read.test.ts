import { expect, it } from 'vitest';
import { barsOf, peaksIn } from './peaks-read.ts';

it('takes peaks only in the form that the server writes', () => {
  expect(peaksIn({ version: 1, peaks: [-3, 4] })).toEqual([-3, 4]);
  for (const wrong of [null, 'x', {}, { peaks: [] }, { peaks: [1, 'a'] }, { peaks: [-900, 900] }]) {
    expect(peaksIn(wrong)).toBeNull();
  }
});

it('makes bars of the widest swing, relative to the loudest', () => {
  expect(barsOf([-10, 10, -20, 20, 0, 0, -5, 5], 2)).toEqual([1, 0.25]);
  expect(barsOf([-10, 10, -20, 20], 8)).toHaveLength(2);
  expect(barsOf([0, 0], 1)).toEqual([0]);
});
