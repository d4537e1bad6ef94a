import { expect, it } from 'vitest';
import { capsOf, grouped } from './key-words.ts';

const run = () => undefined;

it('shows keys as they stand on the keyboard', () => {
  expect(capsOf({ keys: ['Mod+k', 'x'] })).toEqual(['Ctrl', 'K']);
  expect(capsOf({ keys: 'Shift+ArrowDown' })).toEqual(['Shift', '↓']);
});

it('puts shortcuts under headings, those of the whole page last, none twice', () => {
  const groups = grouped([
    { id: 'undo', keys: 'Mod+z', label: 'Undo', run },
    { id: 'grid.ArrowUp', keys: 'ArrowUp', label: 'Card above', run },
    { id: 'grid.rate.1', keys: '1', label: 'Rate 1 of 5', run },
    { id: 'search', keys: '/', label: 'Search', run },
    { id: 'search', keys: '/', label: 'Search', run },
  ]);
  expect(groups.map(([head, list]) => [head, list.length])).toEqual([
    ['Move', 1],
    ['Rate', 1],
    ['Everywhere', 2],
  ]);
});
