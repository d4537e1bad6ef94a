import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp, open, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isServerBuilt } from '../../scripts/lib/build.js';
import { findTools } from '../../src/media/capabilities.ts';
import type { Decoder, Description, Detected, MediaSource } from '../../src/media/contract.ts';
import { createDecoder, type DecoderOptions } from '../../src/media/decoder.ts';
import { DETECT_BYTES, detect } from '../../src/media/detect.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SOURCES = ['src/media', 'src/platform', 'src/domain'];

let entry: string | undefined;

/** The decoder child of the sources as they are, which plain Node must be able to run: that of the build when it is. */
export function freshChildEntry(): string {
  entry ??= isServerBuilt() ? join(ROOT, 'dist/src/media/decoder-child.js') : compiledChild();
  return entry;
}

/** Compiles the sources once per state of them. */
function compiledChild(): string {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    for (const name of readdirSync(join(ROOT, folder)).toSorted()) {
      if (name.endsWith('.ts')) hash.update(name).update(readFileSync(join(ROOT, folder, name)));
    }
  }
  const built = join(ROOT, 'node_modules/.cache', `decoder-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(built)) {
    const aside = `${built}.${process.pid}`;
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    try {
      execFileSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', aside], { cwd: ROOT, stdio: 'ignore' });
    } catch {
      // Type errors elsewhere are another check's business; the emitted files are what counts here.
    }
    if (existsSync(built)) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, built);
  }
  return join(built, 'src/media/decoder-child.js');
}

export function testDecoder(options: Partial<DecoderOptions> = {}): Decoder {
  return createDecoder({
    tools: findTools(),
    parallel: 2,
    idleSeconds: 5,
    childEntry: freshChildEntry(),
    ...options,
  });
}

export const hasFfmpeg = findTools().ffmpeg !== null;

export function newScratch(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'backlot-test-'));
}

export async function sourceOf(path: string, as?: Detected): Promise<MediaSource> {
  const { size } = await stat(path);
  return { path, size, detected: as ?? (await detectFile(path)) };
}

export async function detectFile(path: string, name = path): Promise<Detected> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(DETECT_BYTES), 0, DETECT_BYTES, 0);
    return await detect(buffer.subarray(0, bytesRead), name, size);
  } finally {
    await file.close();
  }
}

/** Reads one file through the real pool, into a scratch folder of its own. */
export async function describeFile(decoder: Decoder, path: string): Promise<Description> {
  const { signal } = new AbortController();
  return decoder.describe(await sourceOf(path), await newScratch(), signal);
}

/** Process ids of the decoding processes that this very test process started. */
export async function decoderProcesses(): Promise<number[]> {
  const found: number[] = [];
  const ids = await readdir('/proc').catch(() => []);
  for (const id of ids.filter((name) => /^\d+$/.test(name))) {
    const line = safeRead(`/proc/${id}/cmdline`);
    const [state, parent] = safeRead(`/proc/${id}/stat`).split(') ').at(-1)?.split(' ') ?? [];
    const ours = line.includes('decoder-child.js') && Number(parent) === process.pid;
    if (ours && state !== 'Z') found.push(Number(id));
  }
  return found;
}

function safeRead(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
