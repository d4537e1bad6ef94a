import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterOf, isFiltering, parseSearch, readAddress, sortOf, sortsOf, writeSearch } from './address.ts';
import { MEDIA_WORDS, SOURCE_WORDS, TYPE_WORDS, keysOf } from './words.ts';

const list = <K extends string>(keys: readonly K[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1 }), { nil: undefined });
const addresses = fc
  .record({
    q: fc.option(fc.string({ minLength: 1, maxLength: 500, unit: 'binary' }), { nil: undefined }),
    type: list(keysOf(TYPE_WORDS)),
    mediaType: list(keysOf(MEDIA_WORDS)),
    source: list(keysOf(SOURCE_WORDS)),
    tag: fc.option(fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 4 }), {
      nil: undefined,
    }),
    mustInclude: fc.constantFrom(true, undefined),
    by: fc.constantFrom('type', 'size', undefined),
    sort: fc.constantFrom('name', '-size', undefined),
    asset: fc.constantFrom('AST-7K2M9QX4', undefined),
  })
  .map(readAddress);

describe('address', () => {
  it('knows the order of a collection only where one is open', () => {
    expect(sortOf({}, null)).toBe('-created');
    expect(sortOf({ sort: 'added' }, null)).toBe('-created');
    expect(sortOf({}, 'COL-7K2M9QX4')).toBe('-added');
    expect(sortOf({ sort: '-created' }, 'COL-7K2M9QX4')).toBe('-created');
    expect(sortsOf(null)).not.toContain('added');
    expect(sortsOf('COL-7K2M9QX4').slice(0, 2)).toEqual(['-added', 'added']);
  });

  it('comes back from its own text', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(readAddress(parseSearch(writeSearch(address)))).toEqual(address);
      }),
    );
  });

  it('leaves out what it does not understand, whatever that is', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), (query) => {
        expect(() => filterOf(readAddress(parseSearch(query)))).not.toThrow();
      }),
    );
    expect(
      readAddress(parseSearch('?type=logo&type=nonsense&source=&by=sideways&asset=1&month=x&utm=1')),
    ).toEqual({
      type: ['logo'],
    });
  });

  it('tells filters from the rest of the address', () => {
    const address = readAddress({ q: '12', sort: 'name', by: 'type', asset: 'AST-7K2M9QX4', brand: 'acme' });
    expect(filterOf(address)).toEqual({ q: '12' });
    expect(isFiltering(address)).toBe(true);
    expect(isFiltering(readAddress({ sort: 'name', brand: 'acme' }))).toBe(false);
    expect(writeSearch({ type: ['logo', 'font'], mustInclude: true, q: undefined })).toBe(
      '?type=logo&type=font&mustInclude=yes',
    );
  });
});
