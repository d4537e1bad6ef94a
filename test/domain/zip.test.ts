import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UniqueNames, archiveName } from '../../src/domain/zip-names.ts';
import { zipBytes, zipLength } from '../../src/platform/zip.ts';
import type { ZipEntry, ZipOptions } from '../../src/platform/zip.ts';

const run = promisify(execFile);
const hasPython = await run('python3', ['-c', 'import zipfile']).then(
  () => true,
  () => false,
);
const hasUnzip = await run('unzip', ['-v']).then(
  () => true,
  () => false,
);

/** Another program's reading of an archive: names with the sha256 of their bytes. */
const READ = `
import hashlib, json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps([[i.filename, hashlib.sha256(z.read(i)).hexdigest()] for i in z.infolist()]))`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'backlot-zip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const entryOf = (name: string, bytes: Buffer): ZipEntry => ({
  name,
  size: bytes.length,
  modified: new Date('2026-11-21T13:30:00Z'),
  open: () => Promise.resolve(Readable.from(bytes.length === 0 ? [] : [bytes])),
});

async function write(entries: readonly ZipEntry[], options: ZipOptions = {}): Promise<string> {
  const file = path.join(folder, 'made.zip');
  await pipeline(Readable.from(zipBytes(entries, options)), createWriteStream(file));
  return file;
}

describe('zip writer', () => {
  it.runIf(hasPython)('is read by others as it was written, in the narrow and in the wide form', async () => {
    const files = fc.uniqueArray(
      fc.tuple(fc.stringMatching(/^[a-zäö 0-9-]{1,20}$/u), fc.uint8Array({ maxLength: 300 })),
      { selector: ([name]) => name, maxLength: 8 },
    );
    const limits = fc.record({
      wideFrom: fc.constantFrom(1, 50, 200, 0xffff_ffff),
      manyFrom: fc.constantFrom(1, 4, 0xffff),
    });
    await fc.assert(
      fc.asyncProperty(files, limits, async (list, options) => {
        const entries = list.map(([name, bytes]) => entryOf(name, Buffer.from(bytes)));
        const file = await write(entries, options);
        expect((await stat(file)).size).toBe(zipLength(entries, options));
        const { stdout } = await run('python3', ['-c', READ, file]);
        expect(JSON.parse(stdout)).toEqual(
          list.map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
        );
        if (hasUnzip && list.length > 0) await run('unzip', ['-tqq', file]);
      }),
      { numRuns: 8 },
    );
  });

  it('ends with an error when a file has other bytes than promised', async () => {
    const short = { ...entryOf('a', Buffer.from('abc')), size: 5 };
    await expect(write([short])).rejects.toThrow('3 bytes instead of 5');
    const long = { ...entryOf('a', Buffer.from('abc')), size: 2 };
    await expect(write([long])).rejects.toThrow('3 bytes instead of 2');
  });

  it('opens one file at a time and closes it when the reader leaves', async () => {
    const opened: Readable[] = [];
    const endless = (name: string): ZipEntry => ({
      name,
      size: 1e12,
      modified: new Date(0),
      open: () => {
        const stream = Readable.from(
          (function* () {
            for (;;) yield Buffer.alloc(1000);
          })(),
        );
        opened.push(stream);
        return Promise.resolve(stream);
      },
    });
    const reading = Readable.from(zipBytes([endless('a'), endless('b')]));
    for await (const _ of reading) if (opened.length > 0) break;
    await expect.poll(() => opened.map((stream) => stream.destroyed)).toEqual([true]);
  });
});

describe('names in an archive', () => {
  it('keeps the ending of the file and drops what a system would not take', () => {
    expect(archiveName('Summer / Winter: take 2', 'IMG_1.JPG')).toBe('Summer _ Winter_ take 2.JPG');
    expect(archiveName('hero.png', 'hero.png')).toBe('hero.png');
    expect(archiveName('..', '..\\..\\evil.sh')).toBe('file.sh');
    expect(archiveName('con', 'con.txt')).toBe('_con.txt');
    expect(archiveName('no ending', 'README')).toBe('no ending');
  });

  it('are safe, short and never the same twice, whatever people wrote', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('a', 'A', 'a (2)', '../..'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 30 }), (pairs) => {
        const names = new UniqueNames();
        const made = pairs.map(([name, fileName]) => names.add(archiveName(name, fileName)));
        expect(new Set(made.map((name) => name.toLowerCase())).size).toBe(made.length);
        for (const name of made) {
          expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}]/u);
          expect(name).not.toMatch(/^\.|[. ]$/);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        }
      }),
    );
  });
});
