import { expect, it } from 'vitest';
import { matching, readAsked } from './palette-rows.ts';

it('takes a first sign as the scope', () => {
  expect(readAsked('#  sea')).toEqual({ words: 'sea', section: 'Tags' });
  expect(readAsked('> undo ')).toEqual({ words: 'undo', section: 'Do' });
  expect(readAsked('sea # sky')).toEqual({ words: 'sea # sky', section: null });
});

it('finds labels by parts of all words, beginnings first', () => {
  const rows = ['Open in full', 'Show the full list', 'Full screen', 'Search'].map((label) => ({ label }));
  expect(matching(rows, 'FULL').map(({ label }) => label)).toEqual([
    'Full screen',
    'Open in full',
    'Show the full list',
  ]);
  expect(matching(rows, 'list sho').map(({ label }) => label)).toEqual(['Show the full list']);
  expect(matching(rows, '')).toHaveLength(4);
});
