/**
 * Makes real files of every kind that the tests and benchmarks read: node scripts/fixtures.js [folder]
 * Encoders write them (sharp, and ffmpeg where it is installed); small formats are written by hand. A stamp with the hash
 * of the scripts makes a second run free.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { writeBad } from './fixtures/bad.js';
import { writeDocuments } from './fixtures/documents.js';
import { writeMedia } from './fixtures/media.js';
import { writeModels } from './fixtures/models.js';
import { writePictures } from './fixtures/pictures.js';
import { writeProduction } from './fixtures/production.js';
import { writeRecipes } from './fixtures/recipes.js';

const HERE = dirname(fileURLToPath(import.meta.url));
const PARTS = [
  'fixtures.js',
  'fixtures/bad.js',
  'fixtures/documents.js',
  'fixtures/font.js',
  'fixtures/media.js',
  'fixtures/models.js',
  'fixtures/pictures.js',
  'fixtures/production.js',
  'fixtures/recipes.js',
];

/** The usual folder, ignored by git. */
export const FIXTURES = resolve(HERE, '../test/fixtures/files');

function stampOf(ffmpeg) {
  const hash = createHash('sha256');
  for (const part of PARTS) hash.update(readFileSync(join(HERE, part)));
  return hash
    .update(sharp.versions.sharp)
    .update(String(ffmpeg !== null))
    .digest('hex');
}

function findFfmpeg() {
  const program = process.env.FFMPEG_PATH ?? 'ffmpeg';
  return spawnSync(program, ['-version']).status === 0 ? program : null;
}

/** Puts the finished folder in place, unless another process was quicker. */
function moveInto(aside, folder, stamp) {
  const stampFile = join(folder, '.stamp');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  rmSync(folder, { recursive: true, force: true });
  renameSync(aside, folder);
}

/**
 * Fills the folder and returns its path. Without ffmpeg the moving and compressed sound files are left out.
 * Safe when several test files call it at once: the folder is built aside and moved into place whole.
 */
export async function makeFixtures(folder = FIXTURES) {
  const ffmpeg = findFfmpeg();
  const stamp = stampOf(ffmpeg);
  const stampFile = join(folder, '.stamp');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return folder;
  const aside = `${folder}.${process.pid}`;
  for (const sub of ['image', 'video', 'audio', 'document', 'other', 'bad']) {
    mkdirSync(join(aside, sub), { recursive: true });
  }
  try {
    await writePictures(aside);
    await writeDocuments(aside);
    await writeProduction(aside);
    await writeModels(aside);
    await writeRecipes(aside);
    await writeMedia(aside, ffmpeg);
    await writeBad(aside);
    writeFileSync(join(aside, '.stamp'), stamp);
    moveInto(aside, folder, stamp);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return folder;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const started = Date.now();
  const folder = await makeFixtures(process.argv[2] === undefined ? FIXTURES : resolve(process.argv[2]));
  console.log(`Fixtures are in ${folder} (${((Date.now() - started) / 1000).toFixed(1)} s).`);
}
