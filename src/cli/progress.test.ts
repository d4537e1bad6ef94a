import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createProgress } from './progress.ts';
import { isPassing, mayPass, refusalFor } from './retry.ts';
import { FileChanged } from './send.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What stands on the screen after everything written so far, moves of the cursor included. */
function screenOf(written: string): string[] {
  let lines: string[] = [''];
  for (const part of written.split(/(\u001b\[\d+[AJ])/)) {
    const [, count = '', move = ''] = /^\u001b\[(\d+)([AJ])$/.exec(part) ?? [];
    if (move === 'A') lines = [...lines.slice(0, lines.length - 1 - Number(count)), ''];
    else if (move === '') {
      const [first = '', ...rest] = part.split('\n');
      lines = [...lines.slice(0, -1), `${lines.at(-1)}${first}`, ...rest];
    }
  }
  return lines;
}

function watch(isTerminal: boolean) {
  let written = '';
  const error = (text: string) => void (written += text);
  const progress = createProgress({ error, isTerminal, columns: () => 60 });
  return { progress, error, written: () => written };
}

test('a terminal shows a bar for each file under way, the total, and lines that stay', () => {
  const { progress, error, written } = watch(true);
  progress.expect({ files: 2, bytes: 4000, complete: true });
  const one = progress.begin({ path: '/in/walk\u001b[2J.mp4', size: 3000 });
  one.sent(1500);
  vi.advanceTimersByTime(250);
  expect(screenOf(written())).toEqual([
    expect.stringMatching(/^ {2}walk\uFFFD\[2J\.mp4 +\[={10} {10}\]/),
    expect.stringMatching(/^\[={8} {12}\] {2}37% {2}0 of 2 files, 1\.5 kB of 4\.0 k…$/),
    '',
  ]);
  for (const line of screenOf(written())) expect(line.length).toBeLessThan(60);
  one.end({ counted: 3000 });
  progress.say(() => error('failed: b.txt\n'));
  expect(screenOf(written()).slice(0, 2)).toEqual(['failed: b.txt', expect.stringContaining('1 of 2 files')]);
  progress.end();
  expect(screenOf(written())).toEqual(['failed: b.txt', '']);
});

test('without a terminal only the lines that stay are written', () => {
  const { progress, error, written } = watch(false);
  progress.begin({ path: 'a', size: 10 }).sent(5);
  vi.advanceTimersByTime(1000);
  progress.say(() => error('failed: a\n'));
  progress.end();
  expect(written()).toBe('failed: a\n');
});

test('what may succeed later is tried again, and nothing else', () => {
  expect([408, 423, 429, 500, 502, 503, 504].every(mayPass)).toBe(true);
  expect([200, 400, 401, 403, 404, 409, 413, 422, 501, 507].some(mayPass)).toBe(false);
  const coded = (code: string) => Object.assign(new Error('x'), { code });
  expect(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].every((code) => isPassing(coded(code)))).toBe(true);
  expect(isPassing(coded('EACCES'))).toBe(false);
  expect(isPassing(new TypeError('x'))).toBe(false);
  expect(isPassing(new FileChanged())).toBe(false);
  expect(refusalFor(new FileChanged()).code).toBe('changed');
  expect(refusalFor(coded('EACCES'))).toMatchObject({ code: 'unreadable', message: 'It may not be read.' });
  expect(refusalFor(coded('ECONNRESET')).code).toBe('offline');
});
