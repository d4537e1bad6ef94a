import { UsageError } from './args.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** Bytes of a size as people write it: `50GB`, `1.5 TB`, `512MiB`, `1000`. */
export function parseSize(written: string, place: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(written.trim()) ?? [];
  const factor = UNITS[unit.toLowerCase()];
  if (number === '' || factor === undefined) {
    throw new UsageError(`${place} must be a size such as 50GB, 1.5TB or 500MB.`);
  }
  const bytes = Math.round(Number(number) * factor);
  if (bytes > 1e15) throw new UsageError(`${place} is more than 1000 TB.`);
  return bytes;
}
