import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROLES, VERBS, enterBrand, requireVerb, verbsOf } from '../../src/domain/access.ts';
import type { Actor } from '../../src/domain/access.ts';
import { ASSET_TYPES, MEDIA_TYPES, TYPE_SHELVES } from '../../src/domain/asset-types.ts';
import { Failure } from '../../src/domain/failures.ts';
import { isAssetId, newAssetId, newToken } from '../../src/domain/ids.ts';
import { DEFAULT_PLAN, formatBytes, overQuota, requireUnderCap } from '../../src/domain/quota.ts';
import { SORT_KEYS, parseSort, parseText } from '../../src/domain/search-query.ts';
import { SIZE_RANGES, sizeRangeOf } from '../../src/domain/size-range.ts';
import { TRASH_DAYS, daysLeft, purgeDate } from '../../src/domain/trash.ts';

const DAY = 86_400_000;

describe('days in the trash', () => {
  const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

  it('count down from all to none, never below, never up', () => {
    fc.assert(
      fc.property(
        date,
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.nat(500 * DAY)),
        (trashed, days, waits) => {
          let last = days;
          for (const wait of waits.toSorted((a, b) => a - b)) {
            const left = daysLeft(trashed, days, new Date(trashed.getTime() + wait));
            expect(left).toBeLessThanOrEqual(last);
            expect(left).toBeGreaterThanOrEqual(0);
            expect(left === 0).toBe(wait >= days * DAY);
            last = left;
          }
        },
      ),
    );
  });

  it('are exact at the edges, whatever a clock change does to local time', () => {
    const trashed = new Date('2026-03-28T12:00:00Z');
    const after = (ms: number) => daysLeft(trashed, TRASH_DAYS, new Date(trashed.getTime() + ms));
    expect([after(0), after(1), after(DAY - 1), after(DAY), after(DAY + 1)]).toEqual([20, 20, 20, 19, 19]);
    expect([after(19 * DAY), after(20 * DAY - 1), after(20 * DAY), after(21 * DAY)]).toEqual([1, 1, 0, 0]);
    expect(purgeDate(trashed, TRASH_DAYS).toISOString()).toBe('2026-04-17T12:00:00.000Z');
  });
});

describe('the quota in words', () => {
  const bytes = fc.nat({ max: 1e13 });

  it('names what is missing, exactly, and whether the trash would help', () => {
    fc.assert(
      fc.property(fc.tuple(bytes, bytes, bytes, bytes), ([used, reserved, trash, needed]) => {
        const plan = { ...DEFAULT_PLAN, quotaBytes: 1e12 };
        const failure = overQuota(
          plan,
          { usedBytes: used, reservedBytes: reserved, trashBytes: trash },
          needed,
        );
        const missing = Math.max(0, used + reserved + needed - plan.quotaBytes);
        expect(failure.details).toMatchObject({ missingBytes: missing, neededBytes: needed });
        expect(failure.remedy?.includes('is enough')).toBe(trash >= missing);
        expect(failure.message).toContain(formatBytes(needed));
      }),
    );
  });

  it('writes bytes shortly, and never smaller figures for more bytes', () => {
    expect([0, 999, 1000, 1500, 99_950, 100_000, 1e6, 2.5e9, 1e12, 5e15].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '1.5 kB',
      '100.0 kB',
      '100 kB',
      '1.0 MB',
      '2.5 GB',
      '1.0 TB',
      '5000 TB',
    ]);
    fc.assert(
      fc.property(bytes, (size) => {
        expect(formatBytes(size)).toMatch(/^\d+(\.\d)? (B|kB|MB|GB|TB)$/);
        expect(formatBytes(size).length).toBeLessThanOrEqual(9);
      }),
    );
  });

  it('lets exactly the cap pass', () => {
    for (const type of MEDIA_TYPES) {
      const cap = DEFAULT_PLAN.capBytes[type];
      expect(() => requireUnderCap(DEFAULT_PLAN, type, cap)).not.toThrow();
      expect(() => requireUnderCap(DEFAULT_PLAN, type, cap + 1)).toThrow(Failure);
    }
  });
});

describe('what a person types', () => {
  it('is taken apart into few plain words, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme' })),
        (text) => {
          const query = parseText(text);
          if (query.kind !== 'words') return;
          expect(query.words.length).toBeGreaterThan(0);
          expect(query.words.length).toBeLessThanOrEqual(12);
          for (const word of query.words) expect(word).toMatch(/^[\p{Alphabetic}\p{Nd}]+$/u);
        },
      ),
    );
  });

  it.each([
    ['', { kind: 'none' }],
    [undefined, { kind: 'none' }],
    ['  !? ', { kind: 'none' }],
    ['ab', { kind: 'short', start: 'ab' }],
    ['海辺', { kind: 'short', start: '海辺' }],
    ['Golden hour', { kind: 'words', words: ['golden', 'hour'] }],
    ['a b', { kind: 'words', words: ['a', 'b'] }],
    ['100%_real\\', { kind: 'words', words: ['100', 'real'] }],
    ['ast-7k2m9qx4', { kind: 'id', id: 'AST-7K2M9QX4' }],
    ['AST-7K2M9QX', { kind: 'words', words: ['7k2m9qx'], idStart: '7k2m9qx' }],
    ['ast-7', { kind: 'words', words: ['7'], idStart: '7' }],
    ['7k2m', { kind: 'words', words: ['7k2m'], idStart: '7k2m' }],
    ['007', { kind: 'words', words: ['007'] }],
    ['Script_07', { kind: 'words', words: ['script', '07'] }],
  ])('%j', (text, query) => {
    expect(parseText(text)).toEqual(query);
  });

  it('sorts by a known order, newest first when it is none', () => {
    for (const key of SORT_KEYS) {
      expect(parseSort(key)).toEqual({ key, descending: false });
      expect(parseSort(`-${key}`)).toEqual({ key, descending: true });
    }
    expect(parseSort(undefined)).toEqual({ key: 'created', descending: true });
    expect(SORT_KEYS).toContain(parseSort('; drop').key);
  });
});

describe('size ranges', () => {
  it('part all sizes without a gap', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (size) => {
        const at = sizeRangeOf(size);
        expect(size).toBeLessThan(SIZE_RANGES[at]?.under ?? -1);
        if (at > 0) expect(size).toBeGreaterThanOrEqual(SIZE_RANGES[at - 1]?.under ?? Infinity);
      }),
    );
    expect([0, 99_999, 100_000, 999_999, 1e6, 1e9, 1e15].map(sizeRangeOf)).toEqual([0, 0, 1, 1, 2, 5, 5]);
  });
});

describe('ids', () => {
  it('have the form that people read aloud, and do not repeat', () => {
    const ids = Array.from({ length: 20_000 }, newAssetId);
    expect(ids.every(isAssetId)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(
      ['AST-0000000I', 'AST-0000000', 'ast-00000000', 'AST-000000000', ' AST-00000000'].some(isAssetId),
    ).toBe(false);
    expect(new Set(Array.from({ length: 20_000 }, () => newToken())).size).toBe(20_000);
    expect(newToken()).toMatch(/^[\w-]{22}$/);
  });
});

describe('access', () => {
  const actor = (verbs: readonly (typeof VERBS)[number][], brandId: string | null): Actor => ({
    kind: 'key',
    id: 'k',
    name: 'k',
    verbs,
    brandId,
  });
  const brand = { id: 'one', slug: 'one', name: 'One' };

  it('roles are ordered: each may all that the next may', () => {
    for (const [at, role] of ROLES.entries()) {
      const weaker = ROLES[at + 1];
      if (weaker !== undefined) expect(verbsOf(role)).toEqual(expect.arrayContaining([...verbsOf(weaker)]));
    }
    expect(verbsOf('owner')).toEqual([...VERBS]);
  });

  it('a foreign brand is absent, whatever the verbs; a missing verb is told only inside', () => {
    for (const verb of VERBS) {
      expect(() => enterBrand(actor(VERBS, 'two'), brand, verb)).toThrow(
        expect.objectContaining({ code: 'not_found' }),
      );
      expect(() => enterBrand(actor([], 'two'), brand, verb)).toThrow(
        expect.objectContaining({ code: 'not_found' }),
      );
      expect(() => enterBrand(actor(VERBS, null), undefined, verb)).toThrow(
        expect.objectContaining({ code: 'not_found' }),
      );
      expect(() => enterBrand(actor([], 'one'), brand, verb)).toThrow(
        expect.objectContaining({ code: 'not_permitted' }),
      );
      expect(enterBrand(actor([verb], 'one'), brand, verb).brandId).toBe('one');
      expect(() => requireVerb(actor([], null), verb)).toThrow(
        expect.objectContaining({ code: 'not_permitted' }),
      );
    }
  });

  it('a scope cannot be changed once it is made', () => {
    const scope = enterBrand(actor(VERBS, null), brand, 'read');
    expect(Reflect.set(scope, 'brandId', 'two')).toBe(false);
    expect(scope.brandId).toBe('one');
  });
});

describe('types', () => {
  it('each stand on one shelf', () => {
    expect(TYPE_SHELVES.flatMap((shelf) => shelf.types).toSorted()).toEqual([...ASSET_TYPES].toSorted());
  });
});
