import { expect, it } from 'vitest';
import type { SavedSearch } from '../../client/index.ts';
import { addressOfSearch, isChanged, placeOfSearch } from './searches.ts';

const saved: SavedSearch = {
  id: 'one',
  name: 'Approved, of the launch',
  filter: { status: ['approved'], collection: ['COL-00000001'] },
  sort: '-added',
  by: 'none',
  createdAt: '2026-01-01T00:00:00Z',
  createdBy: 'Owner',
  updatedAt: '2026-01-01T00:00:00Z',
};

it('a search saved inside a collection is seen there again, in the order of its members', () => {
  expect(placeOfSearch(saved)).toEqual({
    to: '/collections/$collection',
    params: { collection: 'COL-00000001' },
  });
  expect(addressOfSearch(saved)).toEqual({ status: ['approved'], smart: 'one' });
  expect(isChanged(saved, { filter: saved.filter, sort: '-added', by: 'none' })).toBe(false);
  expect(isChanged(saved, { filter: { status: ['approved'] }, sort: '-added', by: 'none' })).toBe(true);
});

it('any other is seen in the library', () => {
  const other = { ...saved, filter: { status: ['approved' as const] }, sort: '-created' as const };
  expect(placeOfSearch(other)).toEqual({ to: '/library' });
  expect(addressOfSearch(other)).toEqual({ status: ['approved'], smart: 'one' });
  expect(addressOfSearch({ ...other, sort: 'name' })).toMatchObject({ sort: 'name' });
});
