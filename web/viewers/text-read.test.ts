import { expect, it } from 'vitest';
import { isFigures, MOST_ROWS, readTable } from './text-read.ts';

it('reads tables with commas, semicolons and tabs, quotes and line breaks inside', () => {
  expect(readTable('shot,note\r\n1,"wide, ""slow""\npan"\n2,\n')).toEqual([
    ['shot', 'note'],
    ['1', 'wide, "slow"\npan'],
    ['2', ''],
  ]);
  expect(readTable('a;b\n1,5;2')).toEqual([
    ['a', 'b'],
    ['1,5', '2'],
  ]);
  expect(readTable('a\tb\nc\td')?.[1]).toEqual(['c', 'd']);
  expect(readTable('only words\nin lines')).toBeNull();
});

it('tells that a table goes on, and which columns are figures', () => {
  const long = readTable(`a,b\n${'x,1\n'.repeat(5000)}`);
  expect(long).toHaveLength(MOST_ROWS + 1);
  const rows = [
    ['shot', '1,200', '10 %', ''],
    ['2nd', '-€3.5', '', ''],
  ];
  expect([0, 1, 2, 3].map((column) => isFigures(rows, column))).toEqual([false, true, true, false]);
});
