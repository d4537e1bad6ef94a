import { readdirSync, readFileSync } from 'node:fs';
import { stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTools, liveTools, NO_TOOLS, probeCapabilities } from '../../src/media/capabilities.ts';
import { findProgram, runTool } from '../../src/platform/run-tool.ts';
import { makeTempDir, withTempDir } from '../../src/platform/temp-dir.ts';

const node = process.execPath;
const hasPrlimit = findProgram('prlimit') !== null;

function running(marker: string): string[] {
  return readdirSync('/proc').filter((id) => {
    try {
      return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(marker);
    } catch {
      return false;
    }
  });
}

describe('running a tool', () => {
  it('returns code, output and the end of the errors', async () => {
    const result = await runTool([node, '-e', 'console.log("out"); console.error("err"); process.exit(3)'], {
      deadline: 60_000,
    });
    expect(result).toMatchObject({ code: 3, signal: null, timedOut: false, stderr: 'err\n' });
    expect(result.stdout.toString()).toBe('out\n');
  });

  it('kills the whole group at the deadline, deaf children included', async () => {
    const marker = `7${process.pid}.25`;
    const script = `process.on('SIGTERM', () => {}); require('child_process').spawn('sleep', ['${marker}']); setInterval(() => {}, 1000)`;
    const started = Date.now();
    const result = await runTool([node, '-e', script], { deadline: 500 });
    expect(result).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true });
    expect(Date.now() - started).toBeLessThan(30_000);
    await expect.poll(() => running(marker), { timeout: 30_000 }).toEqual([]);
  });

  it('rejects with the reason of the signal, after the end of the program', async () => {
    const controller = new AbortController();
    const run = runTool([node, '-e', 'setInterval(() => {}, 1000)'], {
      deadline: 60_000,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(run).rejects.toThrow('enough');
    await expect(runTool([node, '-v'], { deadline: 60_000, signal: controller.signal })).rejects.toThrow(
      'enough',
    );
  });

  it('ends a program that talks too much', async () => {
    const result = await runTool([node, '-e', 'for (;;) process.stdout.write("x".repeat(65536))'], {
      deadline: 60_000,
      maxOutput: 100_000,
    });
    expect(result).toMatchObject({ overflowed: true, timedOut: false });
    expect(result.stdout.length).toBeLessThanOrEqual(100_000);
  });

  it('closes standard input', async () => {
    const result = await runTool(
      [node, '-e', 'process.stdin.resume().on("end", () => console.log("ended"))'],
      {
        deadline: 60_000,
      },
    );
    expect(result.stdout.toString()).toBe('ended\n');
  });

  it('rejects when there is no such program', async () => {
    await expect(runTool(['/nonexistent/tool'], { deadline: 1000 })).rejects.toThrow(/ENOENT/);
  });

  it.skipIf(!hasPrlimit)('holds memory, processor time and file size, also of children', async () => {
    const hungry = 'const all = []; for (;;) all.push(Buffer.alloc(16e6, 1))';
    const memory = await runTool([node, '-e', hungry], {
      deadline: 60_000,
      limits: { memory: 200 * 1024 * 1024 },
    });
    expect(memory.code).not.toBe(0);
    expect(memory.timedOut).toBe(false);
    const busy = await runTool([node, '-e', 'for (;;) ;'], { deadline: 60_000, limits: { cpu: 1 } });
    expect(busy).toMatchObject({ timedOut: false });
    expect(['SIGXCPU', 'SIGKILL']).toContain(busy.signal);
    await withTempDir('limits', async (folder) => {
      const path = join(folder, 'big');
      await runTool(['sh', '-c', `head -c 5000000 /dev/zero > ${path}`], {
        deadline: 60_000,
        limits: { fileSize: 1e6 },
      });
      expect((await stat(path)).size).toBeLessThanOrEqual(1e6);
    });
  });
});

describe('scratch folders', () => {
  it('are private, empty and gone afterwards', async () => {
    let seen = '';
    await expect(
      withTempDir('scratch', async (folder) => {
        seen = folder;
        expect((await stat(folder)).mode & 0o777).toBe(0o700);
        expect(readdirSync(folder)).toEqual([]);
        throw new Error('work failed');
      }),
    ).rejects.toThrow('work failed');
    await expect(stat(seen)).rejects.toThrow(/ENOENT/);
    expect(await makeTempDir('a')).not.toBe(await makeTempDir('a'));
  });
});

describe('capabilities', () => {
  it('tells of each tool what it gives, and of an absent one how to get it', async () => {
    const found = await probeCapabilities();
    expect(found.map(({ name }) => name)).toEqual([
      'ffmpeg',
      'ffprobe',
      'libreoffice',
      'heif-convert',
      'prlimit',
      'sharp',
      'network isolation',
    ]);
    for (const one of found) {
      expect(one.gives.length).toBeGreaterThan(10);
      expect(one.available || (one.remedy?.length ?? 0) > 10, one.name).toBe(true);
    }
    expect(found.find(({ name }) => name === 'sharp')?.available).toBe(true);
  }, 60_000);

  it('takes a path that was set for the only place, and finds a tool that comes later', async () => {
    await withTempDir('tools', async (folder) => {
      const path = join(folder, 'ffmpeg');
      const tools = liveTools({ FFMPEG_PATH: path });
      expect(tools.ffmpeg).toBeNull();
      await symlink('/bin/false', path);
      expect(tools.ffmpeg).toBe(path);
    });
  });

  it('honours FFMPEG_PATH, and does not take a broken program for a tool', async () => {
    const tools = findTools({ FFMPEG_PATH: '/bin/false' });
    expect(tools.ffmpeg).toBe('/bin/false');
    const found = await probeCapabilities({ ...NO_TOOLS, ffmpeg: '/bin/false' });
    expect(found.slice(0, 2)).toMatchObject([{ available: false }, { available: false }]);
  });
});
