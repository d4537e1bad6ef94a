/** Peaks as the server keeps them, `{ version: 1, peaks: [min, max, …] }`; null for anything else. */
export function peaksIn(value: unknown): readonly number[] | null {
  if (typeof value !== 'object' || value === null || !('peaks' in value) || !Array.isArray(value.peaks))
    return null;
  const peaks: unknown[] = value.peaks;
  return peaks.length >= 2 && peaks.every((peak) => typeof peak === 'number' && Math.abs(peak) <= 128)
    ? (peaks as number[])
    : null;
}

/** Height of each bar, 0–1: the widest swing in its part, scaled so that a quiet recording shows its shape, too. */
export function barsOf(peaks: readonly number[], bars: number): readonly number[] {
  const slices = peaks.length >> 1;
  const count = Math.min(bars, slices);
  const swings = Array.from({ length: count }, (_, bar) => {
    let most = 0;
    for (let at = Math.floor((bar * slices) / count); at < Math.floor(((bar + 1) * slices) / count); at += 1)
      most = Math.max(most, (peaks[at * 2 + 1] ?? 0) - (peaks[at * 2] ?? 0));
    return most;
  });
  const loudest = Math.max(1, ...swings);
  return swings.map((swing) => swing / loudest);
}
