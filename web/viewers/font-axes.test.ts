import { expect, it } from 'vitest';
import { axesIn } from './font-axes.ts';

it('reads the axes that the server states, starting where the font usually stands', () => {
  expect(axesIn({ more: { axes: 'wght 100–900, slnt -10–0, YTLC 440–570' } })).toEqual([
    { tag: 'wght', name: 'Weight', low: 100, high: 900, start: 400 },
    { tag: 'slnt', name: 'Slant', low: -10, high: 0, start: 0 },
    { tag: 'YTLC', name: 'YTLC', low: 440, high: 570, start: 440 },
  ]);
});

it('has no axis where nothing is said, nothing varies, or a name would leave its quotes', () => {
  for (const axes of [undefined, 7, '', 'wght 400–400', 'a"b; 1–2', 'wght']) {
    expect(axesIn({ more: { axes } })).toEqual([]);
  }
  expect(axesIn(undefined)).toEqual([]);
});
