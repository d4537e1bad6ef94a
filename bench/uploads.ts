import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { atLeast, atMost, note, percentile } from './report.ts';
import { residentMemory, send, startServer } from './server.ts';
import type { BenchServer } from './server.ts';

const SMALL = 1000;
const PARALLEL = 4;
const BIG_BYTES = 1 << 30;

/** Small files four at a time beside `cp`, and one large file beside `cp` and `sha256sum`, on the same disk. */
export async function benchUploads(scratch: string): Promise<void> {
  const corpus = path.join(scratch, 'corpus');
  await mkdir(corpus, { recursive: true });
  const files = await makePhotos(corpus);
  const server = await startServer(path.join(scratch, 'uploads'));
  try {
    const headers = { authorization: `Bearer ${await server.key('default')}` };
    await smallFiles(server, { headers, files, scratch });
    await bigFile(server, { headers, scratch });
  } finally {
    await server.stop();
  }
}

/** Photos of about 220 kB; each ends in bytes of its own, so that no two have one digest. */
async function makePhotos(folder: string): Promise<string[]> {
  const raw = randomBytes(100 * 75 * 3);
  const photo = await sharp(raw, { raw: { width: 100, height: 75, channels: 3 } })
    .resize(1600, 1067, { kernel: 'cubic', fit: 'fill' })
    .jpeg({ quality: 72 })
    .toBuffer();
  const files: string[] = [];
  for (let i = 0; i < SMALL; i += 1) {
    const file = path.join(folder, `photo-${i}.jpg`);
    await writeFile(file, Buffer.concat([photo, randomBytes(64)]));
    files.push(file);
  }
  return files;
}

interface Load {
  readonly headers: Record<string, string>;
  readonly scratch: string;
}

async function smallFiles(server: BenchServer, load: Load & { files: readonly string[] }): Promise<void> {
  const { files, headers, scratch } = load;
  const { readFile } = await import('node:fs/promises');
  const bodies = await Promise.all(files.map((file) => readFile(file)));
  const waiting = bodies.entries();
  const times: number[] = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const [i, body] of waiting) {
        const url = new URL(
          `/api/v1/brands/default/uploads?name=photo-${i}.jpg&onDuplicate=keep`,
          server.url,
        );
        const answer = await send(url, {
          method: 'PUT',
          headers: { ...headers, 'content-length': body.length },
          body,
        });
        if (answer.status !== 201)
          throw new Error(`Upload answered ${answer.status}: ${answer.body.toString()}`);
        times.push(answer.ms);
      }
    }),
  );
  const perSecond = files.length / ((performance.now() - began) / 1000);
  const copies = path.join(scratch, 'copies');
  await mkdir(copies, { recursive: true });
  const copying = performance.now();
  execFileSync('cp', [...files, copies]);
  const copied = files.length / ((performance.now() - copying) / 1000);
  const kind = `${((bodies[0]?.length ?? 0) / 1000).toFixed(0)} kB photos, ${PARALLEL} at a time`;
  atLeast({ section: 'uploads', what: kind, value: perSecond, goal: 300, unit: 'files/s' });
  atMost({ section: 'uploads', what: `${kind}, p95`, value: percentile(times, 0.95), goal: 30, unit: 'ms' });
  note({
    section: 'uploads',
    what: 'the same files by cp (no sync, no hash, no row)',
    value: copied,
    unit: 'files/s',
  });
}

async function bigFile(server: BenchServer, load: Load): Promise<void> {
  const file = path.join(load.scratch, 'big.bin');
  await writeFile(file, randomBytes(1 << 20));
  for (let size = 1 << 20; size < BIG_BYTES; size *= 2)
    execFileSync('sh', ['-c', 'cat "$0" >> "$0.next" && cat "$0" >> "$0.next" && mv "$0.next" "$0"', file]);
  const { size } = await stat(file);
  const copy = `${file}.copy`;
  const limits: number[] = [];
  const ours: number[] = [];
  let growth = 0;
  for (let run = 0; run < 3; run += 1) {
    const copying = performance.now();
    execFileSync('cp', [file, copy]);
    execFileSync('sha256sum', [copy]);
    limits.push(size / (performance.now() - copying) / 1000);
    await rm(copy);
    const pid = server.process.pid ?? 0;
    const before = await residentMemory(pid);
    let peak = before;
    const watch = setInterval(() => void residentMemory(pid).then((now) => (peak = Math.max(peak, now))), 50);
    const url = new URL('/api/v1/brands/default/uploads?name=big.bin&onDuplicate=keep', server.url);
    const began = performance.now();
    const body = createReadStream(file, { highWaterMark: 1 << 20 });
    const answer = await send(url, {
      method: 'PUT',
      headers: { ...load.headers, 'content-length': size },
      body,
    });
    ours.push(size / (performance.now() - began) / 1000);
    clearInterval(watch);
    if (answer.status !== 201) throw new Error(`Upload answered ${answer.status}: ${answer.body.toString()}`);
    growth = Math.max(growth, peak - before);
  }
  const limit = percentile(limits, 0.5);
  const reached = percentile(ours, 0.5);
  note({ section: 'uploads', what: '1 GiB by cp, then sha256sum (median of 3)', value: limit, unit: 'MB/s' });
  note({
    section: 'uploads',
    what: '1 GiB uploaded, hashed, synced (median of 3)',
    value: reached,
    unit: 'MB/s',
  });
  atLeast({
    section: 'uploads',
    what: '… as a share of that limit',
    value: (reached / limit) * 100,
    goal: 70,
    unit: '%',
  });
  atMost({ section: 'uploads', what: '… growth of resident memory', value: growth, goal: 60, unit: 'MB' });
}
