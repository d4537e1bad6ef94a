import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../dist/web', import.meta.url));
/** Kilobytes (1000 bytes) after gzip. */
const FIRST_SCRIPT = 230;
const FIRST_STYLE = 15;
/** A font is compressed by itself. */
const FONT = 50;

let page: string;
beforeAll(async () => {
  page = await readFile(path.join(folder, 'index.html'), 'utf8').catch(() => {
    throw new Error('dist/web is not there: run "npm run build" first.');
  });
});

/** Files that the page names itself: they load before anything shows. */
function first(ending: string): string[] {
  return [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)]
    .map((match) => match[1] ?? '')
    .filter((file) => file.endsWith(ending));
}

async function zipped(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(async (file) => gzipSync(await readFile(path.join(folder, file))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

test('the first route stays within its budget of script and style', async () => {
  expect(first('.js').length).toBeGreaterThan(0);
  expect(await zipped(first('.js'))).toBeLessThanOrEqual(FIRST_SCRIPT);
  expect(await zipped(first('.css'))).toBeLessThanOrEqual(FIRST_STYLE);
});

test('the font that every page needs is small; the extended one loads only when a text asks for it', async () => {
  const files = await readdir(path.join(folder, 'assets'));
  const latin = files.find((file) => file.startsWith('inter-latin-wght'));
  const bytes = await readFile(path.join(folder, 'assets', latin ?? ''));
  expect(bytes.length / 1000).toBeLessThanOrEqual(FONT);
});

test('the page holds no script of its own and names no other origin', () => {
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(page).not.toMatch(/\son\w+=|style=/);
});
