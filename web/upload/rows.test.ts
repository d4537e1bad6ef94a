import { expect, it } from 'vitest';
import { folderTags } from './rows.ts';

it('suggests folder names as tags', () => {
  expect(folderTags('Summer shoot/day 1/a.mov')).toEqual(['Summer shoot', 'day 1']);
  expect(folderTags('a.mov')).toEqual([]);
});
