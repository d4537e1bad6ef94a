import { expect, it } from 'vitest';
import { readTable, tidyJson } from './text-read.ts';

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

it('tidies JSON and leaves alone what is none', () => {
  expect(tidyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(tidyJson('{"a":')).toBe('{"a":');
});
