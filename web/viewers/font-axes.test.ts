import { expect, it } from 'vitest';
import { weightAxis } from './font-axes.ts';

it.each([
  [{ more: { axes: 'wght 100–900' } }, { least: 100, most: 900 }],
  [{ more: { axes: 'opsz 14–32, wght 200–700.5' } }, { least: 200, most: 700 }],
  [{ more: { axes: 'wdth 75–100' } }, null],
  [{ more: { axes: 'wght 400–400' } }, null],
  [{}, null],
  [undefined, null],
])('reads the weights of %o', (facts, expected) => {
  expect(weightAxis(facts)).toEqual(expected);
});
