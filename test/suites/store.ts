import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantQuota } from '../../src/domain/quota.ts';
import { KeyMissing, KeyTaken } from '../../src/storage/contract.ts';
import type { StageRequest, StagedBytes, Store } from '../../src/storage/contract.ts';

export interface StoreCase {
  readonly name: string;
  /** A fresh, empty store with nothing of another test in it. */
  readonly open: () => Promise<{ store: Store; close(): Promise<void> }>;
}

const BRAND = '3f2a61cc-6f0c-4a3d-9f6e-0d1f3b0a7c55';
let keys = 0;
export const freshKey = (ext = 'dat'): string => {
  keys += 1;
  return `${BRAND}/assets/other/AST-${String(keys).padStart(8, '0')}_v1.${ext}`;
};

export function stageRequest(body: Readable, changes: Partial<StageRequest> = {}): StageRequest {
  return {
    body,
    length: null,
    grant: grantQuota('test', 1 << 30),
    inspect: { head: () => Promise.resolve(), progress: () => undefined },
    signal: new AbortController().signal,
    ...changes,
  };
}

export async function bytesOf(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

export async function keysOf(store: Store, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const file of store.list(prefix)) found.push(file.key);
  return found.toSorted();
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

/** A body in pieces of odd sizes, as a network delivers them. */
function inPieces(bytes: Buffer): Readable {
  const parts: Buffer[] = [];
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 13) % 100_000) {
    parts.push(bytes.subarray(at, at + Math.max(1, size)));
    size = Math.max(1, size);
  }
  return Readable.from(parts);
}

/** What every store must hold to, wherever its bytes lie. */
export function storeSuite({ name, open }: StoreCase): void {
  describe(`store ${name}`, () => {
    let store: Store;
    let close: () => Promise<void>;
    beforeAll(async () => {
      ({ store, close } = await open());
    });
    afterAll(() => close());

    const keep = async (bytes: Buffer, key = freshKey()): Promise<string> => {
      const staged = await store.stage(stageRequest(Readable.from([bytes])));
      await staged.commit(key);
      await staged.discard();
      return key;
    };

    it.each([1, 65_535, 65_536, 65_537, (1 << 20) - 1, (1 << 20) + 1, 3_000_001])(
      'keeps %i bytes with their digest, and shows their head first',
      async (size) => {
        const bytes = randomBytes(size);
        let head: Uint8Array | null = null;
        const staged = await store.stage(
          stageRequest(inPieces(bytes), {
            inspect: {
              head: async (first) => {
                expect(head).toBeNull();
                head = Uint8Array.from(first);
              },
              progress: () => undefined,
            },
          }),
        );
        expect([staged.size, staged.sha256.equals(sha256(bytes))]).toEqual([size, true]);
        expect(Buffer.from(head ?? []).equals(bytes.subarray(0, 65_536))).toBe(true);
        const key = freshKey();
        expect(await store.stat(key)).toBeNull();
        await staged.commit(key);
        await staged.discard();
        expect((await store.stat(key))?.size).toBe(size);
        expect((await bytesOf(await store.read(key))).equals(bytes)).toBe(true);
        expect((await store.readWhole(key)).equals(bytes)).toBe(true);
      },
    );

    it('keeps a body of an announced length as it came, however large', async () => {
      for (const size of [1, 65_536, 65_537, 1 << 20, (1 << 20) + 1]) {
        const bytes = randomBytes(size);
        const heads: number[] = [];
        const inspect = {
          head: async (first: Uint8Array) => void heads.push(first.length),
          progress: () => undefined,
        };
        const staged = await store.stage(stageRequest(inPieces(bytes), { length: size, inspect }));
        const key = freshKey();
        await staged.commit(key);
        await staged.discard();
        expect([staged.size, heads]).toEqual([size, [Math.min(size, 65_536)]]);
        expect((await store.readWhole(key)).equals(bytes)).toBe(true);
      }
    });

    it('stages no bytes as no bytes, and says so to the inspector', async () => {
      const heads: number[] = [];
      const inspect = {
        head: async (first: Uint8Array) => void heads.push(first.length),
        progress: () => undefined,
      };
      const staged = await store.stage(stageRequest(Readable.from([]), { inspect }));
      expect([staged.size, heads]).toEqual([0, [0]]);
      await staged.discard();
    });

    it('reads exactly the range asked for', async () => {
      const bytes = randomBytes(700_000);
      const key = await keep(bytes);
      for (const [start, end] of [
        [0, 0],
        [0, 699_999],
        [699_999, 699_999],
        [262_143, 262_145],
        [1, 500_000],
      ] as const) {
        const part = await bytesOf(await store.read(key, { start, end }));
        expect(part.equals(bytes.subarray(start, end + 1))).toBe(true);
      }
    });

    it('never writes over a key: the second commit is told, the first bytes stay', async () => {
      const first = randomBytes(1000);
      const key = await keep(first);
      const staged = await store.stage(stageRequest(Readable.from([randomBytes(1000)])));
      await expect(staged.commit(key)).rejects.toBeInstanceOf(KeyTaken);
      expect((await store.readWhole(key)).equals(first)).toBe(true);
      const other = freshKey();
      await staged.commit(other);
      await staged.discard();
      expect((await store.stat(other))?.size).toBe(1000);
    });

    it('gives a key to one of many that want it at once', async () => {
      const key = freshKey();
      const bodies = Array.from({ length: 12 }, () => randomBytes(5000));
      const all = await Promise.all(bodies.map((bytes) => store.stage(stageRequest(Readable.from([bytes])))));
      const results = await Promise.allSettled(all.map((staged) => staged.commit(key)));
      const winners = results.flatMap((result, i) => (result.status === 'fulfilled' ? [i] : []));
      expect(winners).toHaveLength(1);
      expect((await store.readWhole(key)).equals(bodies[winners[0] ?? -1] ?? Buffer.alloc(0))).toBe(true);
      await Promise.all(all.map((staged) => staged.discard()));
    });

    it('takes back what was committed, and forgets what was only staged', async () => {
      const staged = await store.stage(stageRequest(Readable.from([randomBytes(100)])));
      const key = freshKey();
      await staged.commit(key);
      await staged.withdraw(key);
      await staged.withdraw(key);
      await staged.discard();
      await staged.discard();
      expect(await store.stat(key)).toBeNull();
      await expect(store.readWhole(key)).rejects.toBeInstanceOf(KeyMissing);
    });

    it('keeps committed bytes when the staged copy is discarded', async () => {
      const bytes = randomBytes(2000);
      const staged = await store.stage(stageRequest(Readable.from([bytes])));
      const key = freshKey();
      await staged.commit(key);
      await staged.discard();
      expect((await store.readWhole(key)).equals(bytes)).toBe(true);
    });

    const failures: readonly { name: string; request: () => StageRequest; says: RegExp }[] = [
      {
        name: 'the inspector refuses the head',
        request: () =>
          stageRequest(inPieces(randomBytes(300_000)), {
            inspect: { head: () => Promise.reject(new Error('not this')), progress: () => undefined },
          }),
        says: /not this/,
      },
      {
        name: 'it grows too large',
        request: () =>
          stageRequest(inPieces(randomBytes(3_000_000)), {
            inspect: {
              head: () => Promise.resolve(),
              progress: (size) => {
                if (size > 2_000_000) throw new Error('too large');
              },
            },
          }),
        says: /too large/,
      },
      {
        name: 'the sender breaks off',
        request: () =>
          stageRequest(
            Readable.from(
              (async function* () {
                yield randomBytes(100_000);
                throw new Error('cut off');
              })(),
            ),
          ),
        says: /cut off/,
      },
      {
        name: 'it is called off',
        request: () => {
          const controller = new AbortController();
          const inspect = { head: async () => controller.abort(), progress: () => undefined };
          return stageRequest(inPieces(randomBytes(3_000_000)), { signal: controller.signal, inspect });
        },
        says: /abort/i,
      },
    ];
    it.each(failures)('leaves nothing behind when $name', async ({ request, says }) => {
      const before = await keysOf(store, `${BRAND}/assets`);
      await expect(store.stage(request())).rejects.toThrow(says);
      expect(await keysOf(store, `${BRAND}/assets`)).toEqual(before);
      expect(await store.sweep(0)).toBe(0);
    });

    it('takes over a file that arrived in pieces, as the same bytes', async () => {
      const bytes = randomBytes(1_500_000);
      const file = path.join(store.resumableDir, 'arrived');
      await writeFile(file, bytes);
      const staged: StagedBytes = await store.adopt(file, new AbortController().signal);
      expect([staged.size, staged.sha256.equals(sha256(bytes))]).toEqual([bytes.length, true]);
      const key = freshKey();
      await staged.commit(key);
      await staged.discard();
      expect((await store.readWhole(key)).equals(bytes)).toBe(true);
      await expect(readFile(file)).rejects.toThrow(/ENOENT/);
    });

    it('replaces small files of its own as a whole, seen old or new by every reader', async () => {
      const key = freshKey('json');
      const states = [Buffer.alloc(40_000, 'a'), Buffer.alloc(90_000, 'b')];
      await store.put(key, { data: states[0] ?? Buffer.alloc(0) });
      const done = new AbortController();
      const reading = (async () => {
        let torn = 0;
        while (!done.signal.aborted) {
          const seen = await store.readWhole(key);
          if (!states.some((state) => state.equals(seen))) torn += 1;
        }
        return torn;
      })();
      for (let turn = 0; turn < 60; turn += 1) {
        expect(await store.put(key, { data: states[turn % 2] ?? Buffer.alloc(0) })).toBeGreaterThan(0);
      }
      done.abort();
      expect(await reading).toBe(0);
    });

    it('removes a key once and for all, and an absent one without a word', async () => {
      const key = await keep(randomBytes(10));
      await store.remove(key);
      await store.remove(key);
      await store.remove(freshKey());
      expect(await store.stat(key)).toBeNull();
      await expect(store.read(key)).rejects.toBeInstanceOf(KeyMissing);
      await expect(store.localFile(key)).rejects.toBeInstanceOf(KeyMissing);
    });

    it('lists what it holds under a prefix, with times', async () => {
      const key = await keep(randomBytes(10));
      expect(await keysOf(store, `${BRAND}/assets`)).toContain(key);
      expect(await keysOf(store, '00000000-0000-4000-8000-000000000000/assets')).toEqual([]);
      for await (const file of store.list(`${BRAND}/assets`)) {
        expect(Math.abs(Date.now() - file.modified.getTime())).toBeLessThan(600_000);
      }
    });

    it('lends a file of this machine to a decoder', async () => {
      const bytes = randomBytes(3000);
      const key = await keep(bytes);
      const file = await store.localFile(key);
      expect((await readFile(file.path)).equals(bytes)).toBe(true);
      await file.release();
      expect((await store.readWhole(key)).equals(bytes)).toBe(true);
    });

    it.each([
      '',
      '/',
      '..',
      '../outside.dat',
      `${BRAND}/../../outside.dat`,
      `/${BRAND}/assets/other/a.dat`,
      `${BRAND}/assets//a.dat`,
      `${BRAND}/assets/other/a`,
      `${BRAND}/assets/other/.dat`,
      `${BRAND}/assets/other/a b.dat`,
      `${BRAND}/assets/other/a\u0000.dat`,
      `${BRAND}\\assets\\a.dat`,
      'installation.json',
      '.staging/a.dat',
    ])('refuses the malformed key %j everywhere', async (key) => {
      const staged = await store.stage(stageRequest(Readable.from([randomBytes(10)])));
      const attempts: readonly (() => unknown)[] = [
        () => staged.commit(key),
        () => store.put(key, { data: Buffer.from('x') }),
        () => store.read(key),
        () => store.readWhole(key),
        () => store.stat(key),
        () => store.remove(key),
        () => store.localFile(key),
      ];
      for (const attempt of attempts) {
        await expect((async () => attempt())()).rejects.toThrow(/Malformed storage key/);
      }
      await staged.discard();
    });

    it('is attached', async () => {
      expect(await store.isAttached()).toBe(true);
    });
  });
}
