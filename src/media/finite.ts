import type { Facts } from './contract.ts';

/** A number from a file that may be trusted with arithmetic and JSON: finite, positive, at most `max`. Else undefined. */
export function sane(value: unknown, max: number): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0 || number > max) return undefined;
  return number;
}

/** Leaves out the keys whose value is unknown, so that absent means unknown everywhere. */
export function knownOnly<T extends object>(values: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

/** Bytes from which on a sound may be hours long, which take their time to be heard. */
export const LONG_SOUND = 8 * 1024 * 1024;
export const MAX_SIDE = 100_000;
/** About three years: beyond it the header lies. */
export const MAX_SECONDS = 1e8;

export function rounded(value: number | undefined, digits = 3): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(digits));
}

type More = NonNullable<Facts['more']>;

/** Largest number that a description may hold; what is beyond comes from a file that lies. */
const MOST = 1e12;

/** Facts of one kind of file, without the unknown ones and numbers that mean nothing. */
export function moreFacts(values: { readonly [K in string]: More[K] | undefined }): More {
  const more: Record<string, More[string]> = {};
  for (const [key, value] of Object.entries(values)) {
    const isKnown = typeof value === 'number' ? Math.abs(value) <= MOST : value !== undefined;
    if (isKnown && value !== undefined) more[key] = value;
  }
  return more;
}
