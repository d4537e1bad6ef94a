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

/** What a viewer may weigh when it is opened for the first time. */
const VIEWERS = [
  { file: /^model-.*\.js$/, most: 317 },
  { file: /^text-.*\.js$/, most: 6 },
  { file: /^lut-.*\.js$/, most: 4 },
  { file: /^font-.*\.js$/, most: 5 },
  { file: /^pdf-.*\.js$/, most: 131 },
  { file: /^pdf\.worker.*\.mjs$/, most: 405 },
];

test.each(VIEWERS)('the viewer in $file stays within its budget of $most kB', async ({ file, most }) => {
  const files = (await readdir(path.join(folder, 'assets'))).filter((name) => file.test(name));
  expect(files).toHaveLength(1);
  expect(await zipped(files.map((name) => `assets/${name}`))).toBeLessThanOrEqual(most);
});

test('decoders that viewers name are files of the build', async () => {
  const files = await readdir(path.join(folder, 'assets'));
  const model = files.find((name) => /^model-.*\.js$/.test(name)) ?? '';
  const script = await readFile(path.join(folder, 'assets', model), 'utf8');
  const [, parts = ''] = /["'`]\/assets\/(three-[\d.]+)\//.exec(script) ?? [];
  expect(await readdir(path.join(folder, 'assets', parts, 'gltf'))).toContain('draco_decoder.wasm');
  expect(await readdir(path.join(folder, 'assets', parts, 'basis'))).toContain('basis_transcoder.wasm');
  const { version } = JSON.parse(await readFile('node_modules/pdfjs-dist/package.json', 'utf8')) as {
    version: string;
  };
  expect(files).toContain(`pdfjs-dist-${version}`);
});

test('the page holds no script of its own and names no other origin', () => {
  expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
  expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  expect(page).not.toMatch(/\son\w+=|style=/);
});
