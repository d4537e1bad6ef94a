import { expect, it } from 'vitest';
import { actText, doneText } from './bulk-words.ts';

it('names a bulk change and its exact count', () => {
  expect(doneText({ trash: true }, 2000)).toBe('2,000 assets moved to the trash.');
  expect(doneText({ set: { type: 'lut' } }, 1)).toBe('Type LUT: 1 asset changed.');
  expect(actText({ addTags: ['sun', 'sea'], removeTags: ['rain'] })).toBe('Add sun, sea; Remove rain');
  expect(actText({ set: { mustInclude: false } })).toBe('Not must include');
});
