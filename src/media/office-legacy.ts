import { clipText } from './text-clip.ts';

/** Shorter runs are names of streams, styles and noise. */
const SHORTEST = 6;
const MOST_RUNS = 20_000;

/**
 * Text of an old Word, Excel or PowerPoint file without knowing its tables: runs of readable characters, wide and
 * narrow. Good enough to find a file by its words; not a rendering.
 */
export function sweepText(bytes: Buffer): string {
  const wide = runsIn(
    bytes.toString('utf16le'),
    /[\t\r\n\u0020-\u007e\u00a0-\u024f\u0370-\u052f\u2010-\u2026]{6,}/g,
  );
  const narrow = runsIn(bytes.toString('latin1'), /[\t\r\n\u0020-\u007e\u00a0-\u00ff]{6,}/g);
  const seen = new Set<string>();
  const kept = [...wide, ...narrow].filter((run) => !seen.has(run) && seen.add(run) !== undefined);
  return clipText(kept.join('\n'));
}

function runsIn(text: string, pattern: RegExp): string[] {
  const runs: string[] = [];
  for (const [run] of text.matchAll(pattern)) {
    if (runs.length >= MOST_RUNS) break;
    const line = run.replace(/\s+/g, ' ').trim();
    if (line.length >= SHORTEST && readsLikeWords(line)) runs.push(line);
  }
  return runs;
}

/** Mostly letters and blanks, with a word of three letters that has a vowel in it. */
function readsLikeWords(line: string): boolean {
  const letters = line.match(/[\p{L}\s]/gu)?.length ?? 0;
  if (letters / line.length < 0.75) return false;
  const words = line.match(/\p{L}{3,}/gu) ?? [];
  return words.some((word) => /[aeiouyäöüéèàåøæαεηιοωаеиоуыэюя]/iu.test(word));
}
