import { describe, expect, it } from 'vitest';
import {
  endingOf,
  formatBytes,
  formatDuration,
  formatMonth,
  formatRelative,
  formatShare,
  plural,
  titleCase,
} from './format.ts';

describe('format', () => {
  it('writes bytes with three figures and a unit', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(1240)).toBe('1.24 kB');
    expect(formatBytes(999_600)).toBe('1.00 MB');
    expect(formatBytes(53_687_091_200)).toBe('53.7 GB');
  });

  it('writes durations as a clock', () => {
    expect(formatDuration(7.4)).toBe('0:07');
    expect(formatDuration(185)).toBe('3:05');
    expect(formatDuration(3729)).toBe('1:02:09');
  });

  it('writes a share only where it says something', () => {
    expect(formatShare(32_600_000, 100e9)).toBeNull();
    expect(formatShare(0, 0)).toBeNull();
    expect(formatShare(1, 1000)).toBe('0.1 %');
    expect(formatShare(52, 1000)).toBe('5.2 %');
    expect(formatShare(414, 1000)).toBe('41 %');
    expect(formatShare(920, 1000)).toBe('92 %');
    expect(formatShare(99_999, 100_000)).toBe('99.9 %');
    expect(formatShare(5, 5)).toBe('100 %');
    expect(formatShare(6, 5)).toBe('120 %');
  });

  it('writes how long ago', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(formatRelative('2026-11-21T11:59:50Z', now)).toBe('just now');
    expect(formatRelative('2026-11-21T11:57:00Z', now)).toBe('3 minutes ago');
    expect(formatRelative('2026-11-20T11:00:00Z', now)).toBe('yesterday');
  });

  it('writes words', () => {
    expect(plural(1, 'asset')).toBe('1 asset');
    expect(plural(2000, 'asset')).toBe('2,000 assets');
    expect(titleCase('background_music')).toBe('Background music');
    expect(formatMonth('2026-11')).toBe('November 2026');
    expect(formatMonth('odd')).toBe('odd');
    expect(['a.png', 'style.safetensors', 'README', 'v1.a long sentence'].map(endingOf)).toEqual([
      'PNG',
      'SAFETENSORS',
      'file',
      'file',
    ]);
  });
});
