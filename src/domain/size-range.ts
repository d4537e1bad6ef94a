const KB = 1000;

/** Size ranges that the library groups by; `under` is exclusive, bytes. The index is stored with each asset. */
export const SIZE_RANGES = [
  { key: 'under-100kb', label: 'Under 100 kB', under: 100 * KB },
  { key: '100kb-1mb', label: '100 kB to 1 MB', under: KB ** 2 },
  { key: '1mb-10mb', label: '1 to 10 MB', under: 10 * KB ** 2 },
  { key: '10mb-100mb', label: '10 to 100 MB', under: 100 * KB ** 2 },
  { key: '100mb-1gb', label: '100 MB to 1 GB', under: KB ** 3 },
  { key: 'over-1gb', label: '1 GB and more', under: Number.POSITIVE_INFINITY },
] as const;

export type SizeRangeKey = (typeof SIZE_RANGES)[number]['key'];
export const SIZE_RANGE_KEYS = SIZE_RANGES.map((range) => range.key) as [SizeRangeKey, ...SizeRangeKey[]];

/** Index into `SIZE_RANGES` for a size in bytes. */
export function sizeRangeOf(bytes: number): number {
  return SIZE_RANGES.findIndex((range) => bytes < range.under);
}
