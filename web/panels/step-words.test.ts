import { expect, it } from 'vitest';
import type { Operation } from '../../client/index.ts';
import { reached, stateText, stepText } from './step-words.ts';

const step: Operation = {
  id: '1',
  kind: 'assets.bulk',
  summary: 'Set status',
  actor: 'Ada',
  at: '2026-01-01T00:00:00.000Z',
  changed: 5000,
  undoable: true,
  undoneAt: null,
  state: 'running',
  total: 12_000,
  skipped: 0,
  failed: 0,
};

it('says how far a large step is and what became of the rest', () => {
  expect(stateText(step)).toBe('5,000 of 12,000 done. It goes on when you close this page.');
  expect(stateText({ ...step, state: 'cancelled' })).toBe(
    'Stopped: 5,000 assets changed, 7,000 assets as before.',
  );
  expect(stateText({ ...step, state: 'failed', changed: 11_999 })).toBe(
    '11,999 of 12,000 done; something went wrong, and 1 asset is as before.',
  );
  const done = { ...step, state: 'done' as const, changed: 11_998, failed: 2 };
  expect(stateText(done)).toBe('Done: 11,998 assets changed.');
  expect(reached(done)).toBe(12_000);
  const purge = { ...step, kind: 'trash.purge', state: 'cancelled' as const };
  expect(stateText(purge)).toBe('Stopped: 5,000 assets deleted for ever, 7,000 assets still in the trash.');
  expect(stepText({ ...purge, state: 'done' })).toBe('5,000 assets deleted for ever.');
});
