import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsNear, colourCell, labOf } from '../../src/domain/colour.ts';
import { matchOf } from '../../src/domain/matched.ts';
import { parseText } from '../../src/domain/search-query.ts';

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const apart = (one: string, other: string) => {
  const [a, z] = [labOf(one), labOf(other)];
  return Math.hypot(...a.map((value, i) => value - (z[i] ?? 0)));
};

describe('why an asset was found', () => {
  it('marks letters that are there, in whatever text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (before, after) => {
          const matched = matchOf(parseText('needle'), { description: `${before} needle ${after}` });
          expect(matched?.field).toBe('description');
          const { excerpt, start, end } = matched ?? { excerpt: '', start: 0, end: 0 };
          if (end > start) expect(excerpt.slice(start, end)).toBe('needle');
          expect(excerpt).not.toMatch(/[\r\n]/);
        },
      ),
    );
  });

  it('prefers the field with most of the words, and a beginning to an inside', () => {
    const fields = { name: 'Old harbour', description: 'The harbour at sunset' };
    expect(matchOf(parseText('harbour sunset'), fields)?.field).toBe('description');
    const inside = matchOf(parseText('art'), { name: 'Part of the art' });
    expect(inside).toMatchObject({ start: 12, end: 15 });
    expect(matchOf(parseText('zzz'), fields)).toBeNull();
  });
});

describe('ids', () => {
  const fields = { id: 'AST-07K2M9QX', name: 'Script 00' };

  it('are found by their beginning, and never by a short word or a number', () => {
    expect(matchOf(parseText('07k2'), fields)).toEqual({ field: 'id', excerpt: fields.id, start: 0, end: 8 });
    expect(matchOf(parseText('ast-07'), fields)).toMatchObject({ field: 'id', end: 6 });
    expect(matchOf(parseText('k2m9'), fields)).toBeNull();
    expect(matchOf(parseText('script 07'), fields)).toMatchObject({ field: 'name' });
  });
});

describe('colours', () => {
  it('are near when their distance is below the tolerance, but for the edges of the cells', () => {
    fc.assert(
      fc.property(hex, hex, fc.integer({ min: 1, max: 60 }), (one, other, tolerance) => {
        const isNear = cellsNear(one, tolerance).includes(colourCell(other));
        // A cell is six wide: half a diagonal on either side.
        if (apart(one, other) <= tolerance - 10.5) expect(isNear).toBe(true);
        if (apart(one, other) > tolerance + 10.5) expect(isNear).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('fit the column of the index, and the colour itself is always near', () => {
    fc.assert(
      fc.property(hex, (one) => {
        expect(Math.abs(colourCell(one))).toBeLessThan(32_768);
        expect(cellsNear(one, 1)).toContain(colourCell(one));
      }),
    );
  });

  it('are measured as the eye sees them', () => {
    expect(labOf('#ffffff').map((value) => Math.abs(Math.round(value)))).toEqual([100, 0, 0]);
    expect(labOf('#ff0000').map(Math.round)).toEqual([53, 80, 67]);
    expect(apart('#2244aa', '#2a4cb0')).toBeLessThan(6);
  });
});
