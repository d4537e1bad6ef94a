const LOCALE = 'en-GB';
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes in decimal units, three significant figures: `1.24 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would round up to "1000 kB"; it belongs to the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? 'B'}`;
}

/**
 * A part of a whole as a percentage; null below 0.1 %, where it would say nothing. With a decimal where that still tells
 * something: next to nothing, and next to everything, which is never said of less.
 */
export function formatShare(part: number, whole: number): string | null {
  const percent = whole > 0 ? (part / whole) * 100 : 0;
  if (percent < 0.1) return null;
  if (percent >= 9.95 && percent < 90) return `${Math.round(percent)} %`;
  const precise = Number(percent.toFixed(1));
  return `${precise === 100 && percent < 100 ? 99.9 : precise} %`;
}

/** Seconds as a clock: `0:07`, `3:05`, `1:02:09`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (part: number) => String(part).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

const count = new Intl.NumberFormat(LOCALE);
export function formatCount(value: number): string {
  return count.format(value);
}

/** `1 asset`, `2,000 assets`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

const day = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short', year: 'numeric' });
const minute = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const month = new Intl.DateTimeFormat(LOCALE, { month: 'long', year: 'numeric', timeZone: 'UTC' });

export function formatDate(iso: string): string {
  return day.format(new Date(iso));
}
export function formatDateTime(iso: string): string {
  return minute.format(new Date(iso));
}
/** `2026-11` as `November 2026`. */
export function formatMonth(key: string): string {
  const date = new Date(`${key}-01T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? key : month.format(date);
}

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** How long ago (or ahead) a moment is: `3 minutes ago`, `yesterday`. */
export function formatRelative(iso: string, now: number = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return 'just now';
}

/** `background_music` as `Background music`: the fallback where no word is set by hand. */
export function titleCase(key: string): string {
  const words = key.replaceAll('_', ' ').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a quick answer counts is the least there is: it looks at a thousand and says when there are more. */
const QUICK = 1000;
export function countText(count: number, more: boolean): string {
  return more ? `${formatCount(Math.min(count, QUICK))}+` : formatCount(count);
}

/** With its dot; `.safetensors` is the longest that means something. */
const LONGEST_ENDING = 13;

/** What a file is by its name: `PNG`; `file` without an ending. */
export function endingOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  return dot > 0 && dot > fileName.length - LONGEST_ENDING ? fileName.slice(dot + 1).toUpperCase() : 'file';
}
