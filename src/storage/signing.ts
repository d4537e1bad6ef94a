import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed link opens; the brand is part of what is signed. */
export interface LinkClaim {
  readonly brandId: string;
  readonly assetId: string;
  readonly version: number;
  /** Empty for the original. */
  readonly rendition: string;
  readonly download: boolean;
  /** Seconds since 1970. */
  readonly expires: number;
}

export interface Signer {
  sign(claim: LinkClaim): string;
  /** A signature for one purpose; those of another purpose never fit. */
  mac(purpose: string, payload: string): Buffer;
  /** Compares in a time that tells nothing of where they differ. */
  equal(a: Buffer, b: Buffer): boolean;
  /** Null when altered, malformed or expired. */
  open(token: string, nowSeconds: number): LinkClaim | null;
}

/** HMAC-SHA256 over every part in a fixed order: nothing can be reordered, repeated or left out. */
export function createSigner(key: Buffer): Signer {
  if (key.length < 32) throw new Error('The signing key must have at least 32 bytes.');
  const macFor = (purpose: string, payload: string) =>
    createHmac('sha256', key).update(`${purpose}:${payload}`).digest();
  const mac = (payload: string) => macFor('link-v1', payload);
  return {
    mac: macFor,
    equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
    sign(claim) {
      const parts = [
        claim.brandId,
        claim.assetId,
        claim.version,
        claim.rendition,
        claim.download ? 1 : 0,
        claim.expires,
      ];
      const payload = Buffer.from(parts.join('\n')).toString('base64url');
      return `${payload}.${mac(payload).toString('base64url')}`;
    },
    open(token, nowSeconds) {
      const [payload, signature, ...more] = token.split('.');
      if (payload === undefined || signature === undefined || more.length > 0) return null;
      const given = Buffer.from(signature, 'base64url');
      const expected = mac(payload);
      // Decoding ignores stray characters; comparing the text as well admits one spelling only.
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
      if (expected.toString('base64url') !== signature) return null;
      const [brandId, assetId, version, rendition, download, expires] = Buffer.from(payload, 'base64url')
        .toString('utf8')
        .split('\n');
      if (brandId === undefined || assetId === undefined || rendition === undefined) return null;
      const claim = { brandId, assetId, rendition, version: Number(version), expires: Number(expires) };
      if (!Number.isSafeInteger(claim.version) || !(claim.expires > nowSeconds)) return null;
      return { ...claim, download: download === '1' };
    },
  };
}

/**
 * A round expiry, so that equal requests within a window give equal links and caches work. The window is at most a
 * quarter of the lifetime; the link lives at least as long as asked.
 */
export function roundExpiry(nowSeconds: number, seconds: number): number {
  const window = Math.max(1, Math.min(60, Math.floor(seconds / 4)));
  return Math.ceil((nowSeconds + seconds) / window) * window;
}
