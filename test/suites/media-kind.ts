import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Description, KindContext, MediaKind, MediaSource, Tools } from '../../src/media/contract.ts';
import { NO_TOOLS } from '../../src/media/capabilities.ts';
import { CannotDecode, OutOfMemory } from '../../src/media/outcome.ts';

export interface MediaKindCase {
  readonly kind: MediaKind;
  readonly tools: Tools;
  /** Intact files that this kind accepts. */
  readonly intact: () => Promise<readonly MediaSource[]>;
  /** Broken, cut and hostile files, announced as one of this kind's types. */
  readonly broken: () => Promise<readonly MediaSource[]>;
}

const LONGEST_SIDE = { thumbnail: 640, preview: 2048, storyboard: 4096, cover: 640, table: 2704 } as const;
const STATES = ['ready', 'ready_no_preview', 'failed', 'protected'];

interface Read {
  readonly source: MediaSource;
  readonly scratch: string;
  readonly firsts: readonly Description[];
  readonly found: Description;
}

/** What every kind of file must hold to, whatever it reads. */
export function mediaKindSuite({ kind, tools, intact, broken }: MediaKindCase): void {
  describe(`media kind ${kind.name}`, () => {
    const reads: Read[] = [];

    beforeAll(async () => {
      for (const source of await intact()) {
        const scratch = await mkdtemp(join(tmpdir(), 'backlot-kind-'));
        const firsts: Description[] = [];
        const early = (first: Description): void => void firsts.push(first);
        const { signal } = new AbortController();
        const found = await kind.describe(source, { scratch, tools, signal, early });
        reads.push({ source, scratch, firsts, found });
      }
    }, 60_000);

    afterAll(async () => {
      await Promise.all(reads.map(({ scratch }) => rm(scratch, { recursive: true, force: true })));
    });

    it('describes intact files as plain, finite JSON in a stated state', () => {
      expect(reads.length).toBeGreaterThan(0);
      for (const { source, found } of reads) {
        expect(kind.accepts(source.detected), source.path).toBe(true);
        expectSound(found, source.path);
        expect(['ready', 'ready_no_preview', 'protected'], source.path).toContain(found.state);
      }
    });

    it('writes real pictures within bounds that name their tool and carry no private data', async () => {
      for (const { found, scratch } of reads) {
        for (const rendition of found.renditions) await expectRendition(rendition, scratch);
      }
    });

    it('tells the thumbnail early or not at all, and the last word contains it', () => {
      for (const { source, firsts, found } of reads) {
        expect(firsts.length).toBeLessThanOrEqual(1);
        for (const first of firsts) {
          expectSound(first, source.path);
          expect(found.renditions).toContainEqual(first.renditions[0]);
        }
      }
    });

    it('ends damaged files with a reason, never with a surprise', async () => {
      for (const source of await broken()) {
        await inScratch(tools, async (context) => {
          try {
            expectSound(await kind.describe(source, context), source.path);
          } catch (error) {
            const stated = error instanceof CannotDecode || error instanceof OutOfMemory;
            if (!stated) throw new Error(`${source.path} broke the kind`, { cause: error });
          }
        });
      }
    });

    it('works without any outside tool', async () => {
      for (const source of await intact()) {
        await inScratch(NO_TOOLS, async (context) => {
          const found = await kind.describe(source, context);
          expectSound(found, source.path);
          expect(['ready', 'ready_no_preview', 'protected'], source.path).toContain(found.state);
        });
      }
    });
  });
}

async function inScratch(tools: Tools, work: (context: KindContext) => Promise<void>): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'backlot-kind-'));
  try {
    await work({ scratch, tools, signal: new AbortController().signal });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The checks that hold for any description, also for one that came through the process border. */
export function expectSound(found: Description, name: string): void {
  expect(STATES, name).toContain(found.state);
  expect(JSON.parse(JSON.stringify(found)), `${basename(name)} is not plain JSON`).toEqual(found);
  expect(numbersIn(found).every(Number.isFinite), `${basename(name)} has a number that is not finite`).toBe(
    true,
  );
  if (found.state !== 'ready') {
    expect(found.reason, name).toMatch(/^[a-z_]+$/);
    expect(found.message?.length, name).toBeGreaterThan(20);
  }
  if (found.state === 'ready')
    expect(
      found.renditions.some((one) => one.name === 'thumbnail'),
      name,
    ).toBe(true);
  const { width = 1, height = 1, duration = 1 } = found.facts;
  expect(Math.min(width, height, duration), name).toBeGreaterThan(0);
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}

async function expectRendition(rendition: Description['renditions'][number], scratch: string): Promise<void> {
  expect(dirname(rendition.path)).toBe(scratch);
  expect(rendition.tool).not.toBe('');
  expect(rendition.toolVersion).toMatch(/\d/);
  expect((await stat(rendition.path)).size).toBeGreaterThan(0);
  if (!rendition.mime.startsWith('image/')) {
    const bytes = await readFile(rendition.path);
    if (rendition.mime === 'application/json') JSON.parse(bytes.toString('utf8'));
    else expect(bytes.toString('latin1', 0, 5)).toMatch(/^(%PDF-|glTF)/);
    return;
  }
  const made = await sharp(rendition.path).metadata();
  expect(`image/${made.format}`).toBe(rendition.mime);
  expect([made.width, made.height]).toEqual([rendition.width, rendition.height]);
  const limit =
    rendition.name in LONGEST_SIDE ? LONGEST_SIDE[rendition.name as keyof typeof LONGEST_SIDE] : 0;
  expect(Math.max(made.width, made.height)).toBeLessThanOrEqual(limit);
  expect(made.exif).toBeUndefined();
  await sharp(rendition.path).stats();
}
