import { expect, it } from 'vitest';
import { mergeTags } from './detail-tags.tsx';

it('adds words once, whatever their case, and takes lists', () => {
  expect(mergeTags(['Sun'], ' sun, red  sky ;\nSea,')).toEqual(['Sun', 'red sky', 'Sea']);
  expect(mergeTags([], '  ')).toEqual([]);
});
