import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../src/domain/failures.ts';
import { disposition, parseRange } from '../../src/http/send-file.ts';
import { decodeCursor, decodeTimeCursor, encodeCursor } from '../../src/services/cursor.ts';

describe('cursors', () => {
  const value = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null));

  it('come back as they were', () => {
    fc.assert(
      fc.property(value, fc.string(), (at, id) => {
        // JSON has one zero.
        expect(decodeCursor(encodeCursor(at, id))).toEqual([Object.is(at, -0) ? 0 : at, id]);
        expect(encodeCursor(at, id)).toMatch(/^[\w-]+$/);
      }),
    );
    const now = new Date();
    expect(decodeTimeCursor(encodeCursor(now, 'x'))).toEqual([now.toISOString(), 'x']);
    expect(decodeCursor(undefined)).toBeUndefined();
  });

  it('that are none are refused, never misread', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((text) => Buffer.from(text).toString('base64url')),
        ),
        (text) => {
          for (const decode of [decodeCursor, decodeTimeCursor]) {
            try {
              const cursor = decode(text);
              expect(typeof cursor?.[1]).toBe('string');
            } catch (error) {
              expect(error).toBeInstanceOf(Failure);
            }
          }
        },
      ),
    );
  });
});

describe('ranges', () => {
  it('lie inside the file, whatever is asked', () => {
    const number = fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: Number.MAX_SAFE_INTEGER })).map(String);
    const part = fc.oneof(number, fc.constant(''), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(part, part, fc.integer({ min: 1, max: 2000 }), (first, last, size) => {
        const range = parseRange(`bytes=${first}-${last}`, size);
        if (range === null || range === 'beyond') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeLessThan(size);
        expect(range.start).toBeLessThanOrEqual(range.end);
      }),
    );
  });

  it('from a byte of the file begin there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), fc.nat(5000), (size, start, length) => {
        const range = parseRange(`bytes=${start}-${start + length}`, size);
        expect(range).toEqual(start >= size ? 'beyond' : { start, end: Math.min(start + length, size - 1) });
      }),
    );
  });
});

describe('the name in a header', () => {
  it('cannot end it, and comes back from its encoded form', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', '\\', ';', '\r', '\n', "'", '(', '*', '%', '\ud800', 'é') }),
    );
    fc.assert(
      fc.property(name, fc.constantFrom('inline', 'attachment'), (fileName, kind) => {
        const header = disposition(kind, fileName);
        expect(header).toMatch(
          /^(inline|attachment); filename="[^"\\%\r\n]*"; filename\*=UTF-8''[\w!#$&+.^`|~%-]*$/,
        );
        const encoded = header.slice(header.lastIndexOf("''") + 2);
        if (Buffer.from(fileName).toString('utf8') === fileName)
          expect(decodeURIComponent(encoded)).toBe(fileName);
        else expect(() => decodeURIComponent(encoded)).not.toThrow();
      }),
    );
  });
});
