import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSigner, roundExpiry } from '../../src/storage/signing.ts';
import type { LinkClaim } from '../../src/storage/signing.ts';

const signer = createSigner(randomBytes(32));
const NOW = 1_800_000_000;
const plain = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_') });
const claim: fc.Arbitrary<LinkClaim> = fc.record({
  brandId: fc.uuid(),
  assetId: plain,
  version: fc.nat(1_000_000),
  rendition: plain,
  download: fc.boolean(),
  expires: fc.integer({ min: NOW + 1, max: NOW + 10_000_000 }),
});

describe('a signer', () => {
  it('opens what it signed, until the second it ends, and nobody else opens it', () => {
    const stranger = createSigner(randomBytes(32));
    fc.assert(
      fc.property(claim, (one) => {
        const token = signer.sign(one);
        expect(signer.open(token, NOW)).toEqual(one);
        expect(signer.open(token, one.expires - 1)).toEqual(one);
        expect(signer.open(token, one.expires)).toBeNull();
        expect(stranger.open(token, NOW)).toBeNull();
      }),
    );
  });

  it('opens nothing that was changed, cut, joined or made up', () => {
    fc.assert(
      fc.property(claim, fc.nat(), fc.string({ maxLength: 3 }), (one, at, put) => {
        const token = signer.sign(one);
        const place = at % token.length;
        for (const wrong of [
          token.slice(0, place) + put + token.slice(place + 1),
          token.slice(0, place),
          token.slice(place + 1),
          `${token}${put}`,
          `${token}.${put}`,
        ]) {
          if (wrong !== token) expect(signer.open(wrong, NOW)).toBeNull();
        }
        expect(signer.open(put, NOW)).toBeNull();
      }),
    );
  });

  it('wants a key worth the name', () => {
    for (const length of [0, 1, 31])
      expect(() => createSigner(Buffer.alloc(length, 1))).toThrow(/at least 32 bytes/);
  });
});

describe('a rounded expiry', () => {
  it('lives as long as asked, hardly longer, and alike for requests close to each other', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), fc.integer({ min: 1, max: 604_800 }), (now, seconds) => {
        const expires = roundExpiry(now, seconds);
        expect(expires - now).toBeGreaterThanOrEqual(seconds);
        expect(expires - now).toBeLessThan(seconds + Math.max(2, Math.min(60, seconds / 4) + 1));
      }),
    );
    const minute = Array.from({ length: 60 }, (_, i) => roundExpiry(1_800_000_001 + i, 900));
    expect(new Set(minute).size).toBe(1);
  });
});
