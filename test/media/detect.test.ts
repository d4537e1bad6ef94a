import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { detect, guessMediaType } from '../../src/media/detect.ts';
import { detectFile } from './support.ts';

let folder = '';
beforeAll(async () => {
  folder = await makeFixtures();
}, 120_000);

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('detection from content', () => {
  it.each([
    ['image/sunset-beach.jpg', 'image/jpeg', 'image'],
    ['image/logo-transparent.png', 'image/png', 'image'],
    ['image/moving.gif', 'image/gif', 'image'],
    ['image/moving.webp', 'image/webp', 'image'],
    ['image/beach.avif', 'image/avif', 'image'],
    ['image/field.tiff', 'image/tiff', 'image'],
    ['image/studio.bmp', 'image/bmp', 'image'],
    ['image/logo.svg', 'image/svg+xml', 'image'],
    ['image/logo-utf16.svg', 'image/svg+xml', 'image'],
    ['audio/phrase.wav', 'audio/wav', 'audio'],
    ['document/one-page.pdf', 'application/pdf', 'document'],
    ['document/notes.txt', 'text/plain', 'document'],
    ['document/readme.md', 'text/markdown', 'document'],
    ['other/shots.csv', 'text/csv', 'data'],
    ['other/project.json', 'application/json', 'data'],
    ['other/warm.cube', 'application/x-cube-lut', 'lut'],
    ['other/film-look.safetensors', 'application/x-safetensors', 'weights'],
    ['other/triangle.glb', 'model/gltf-binary', 'model3d'],
    ['other/triangle.obj', 'model/obj', 'model3d'],
    ['other/bundle.zip', 'application/zip', 'other'],
    ['bad/html-named.png', 'text/html', 'data'],
    ['bad/playlist-named.mp4', 'text/plain', 'document'],
    ['bad/concat-named.mp4', 'text/plain', 'document'],
    ['bad/random.bin', 'application/octet-stream', 'other'],
    ['bad/zero.jpg', 'application/octet-stream', 'other'],
  ])('%s is %s', async (name, mime, mediaType) => {
    const found = await detectFile(join(folder, name));
    expect(found).toMatchObject({ mime, mediaType });
  });

  it('does not need the name for anything with a magic number or a root element', async () => {
    for (const name of [
      'image/sunset-beach.jpg',
      'image/logo.svg',
      'document/brief.docx',
      'other/film-look.safetensors',
    ]) {
      const path = join(folder, name);
      expect(await detectFile(path, 'upload')).toEqual(await detectFile(path));
      expect(await detectFile(path, 'liar.mp4')).toEqual(await detectFile(path));
    }
  });

  it.each([
    [
      'svg after a comment and a doctype',
      '<!-- hi --><!DOCTYPE svg [<!ENTITY a "b">]>\n<svg xmlns="x"/>',
      'a',
      'image/svg+xml',
    ],
    ['svg with a byte order mark', '\u00ef\u00bb\u00bf<svg/>', 'a.txt', 'image/svg+xml'],
    ['html without a doctype', '<script>alert(1)</script>', 'a.svg', 'text/html'],
    ['html that mentions svg', '<html><svg></svg></html>', 'a.svg', 'text/html'],
    ['dash manifest', '<?xml version="1.0"?>\n<MPD></MPD>', 'a.mp4', 'text/plain'],
    ['sdp', 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n', 'a.mp4', 'text/plain'],
    ['pls', '[playlist]\nFile1=http://127.0.0.1/x\n', 'a.mp3', 'text/plain'],
    ['gltf', '{"asset":{"version":"2.0"},"meshes":[]}', 'a.json', 'model/gltf+json'],
    ['plain json', '[1, 2, 3]', 'a', 'application/json'],
    ['exr', 'v/1\u0001\u0002\0\0\0', 'a', 'image/x-exr'],
    ['old word', '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1', 'a.doc', 'application/msword'],
    [
      'old container without a name',
      '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1',
      'a',
      'application/x-cfb',
    ],
    ['m4v', '\0\0\0\u0018ftypM4V \0\0\0\0', 'a.mp4', 'video/x-m4v'],
    ['heic', '\0\0\0\u0018ftypheic\0\0\0\0', 'a.jpg', 'image/heic'],
    [
      'usdz',
      'PK\u0003\u0004\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0009\0\0\0scene.usd',
      'a',
      'model/vnd.usdz+zip',
    ],
    ['pickle weights', '\u0080\u0002}q\0(X\u0005\0\0\0', 'a.ckpt', 'application/x-pickle-weights'],
    ['pickle that is something else', '\u0080\u0002}q\0(X\u0005\0\0\0', 'a.bin', 'application/octet-stream'],
    ['ascii pdf', '%PDF-1.4\n1 0 obj\n', 'a.txt', 'application/pdf'],
    ['table by shape', 'a,b,c\n1,2,3\n4,5,6\n7,8,9\n', 'upload', 'text/csv'],
    ['tiff with its tables beyond the head', 'II*\0\u00ff\u00ff\u00ff\u0000', 'a', 'image/tiff'],
  ])('%s', async (...row) => {
    const [, content, name, mime] = row;
    const found = await detect(bytes(content), name, content.length);
    expect(found.mime).toBe(mime);
  });

  it('refuses a safetensors header longer than the file', async () => {
    const head = readFileSync(join(folder, 'other/film-look.safetensors'));
    expect((await detect(head, 'a.safetensors', head.length)).mime).toBe('application/x-safetensors');
    expect((await detect(head, 'a.safetensors', 20)).mime).not.toBe('application/x-safetensors');
  });

  it('never throws, whatever the bytes and the name are', async () => {
    const start = fc.constantFrom(
      '',
      'PK\u0003\u0004',
      '<svg',
      '{"asset"',
      'RIFF',
      '\0\0\0\u0018ftyp',
      '%PDF-',
      'ID3',
      'II*\0',
    );
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 3000 }), fc.string(), async (magic, noise, name) => {
        const head = Buffer.concat([bytes(magic), noise]);
        const found = await detect(head, name, head.length);
        expect(found.ext).toMatch(/^[a-z0-9]{1,12}$/);
        expect(found.mime).toMatch(/^[\w.+-]+\/[\w.+-]+$/);
      }),
      { numRuns: 300 },
    );
  });

  it('stays quick on texts made to be slow', async () => {
    const started = Date.now();
    for (const text of [
      '<'.repeat(65_000),
      '<!--'.repeat(16_000),
      '<!DOCTYPE ['.repeat(6000),
      'v '.repeat(32_000),
      '{'.repeat(65_000),
    ]) {
      await detect(bytes(text), 'a', text.length);
    }
    expect(Date.now() - started).toBeLessThan(15_000);
  });
});

describe('guess from the name', () => {
  it.each([
    ['walk.MP4', 'video'],
    ['theme.wav', 'audio'],
    ['brief.docx', 'document'],
    ['look.cube', 'lut'],
    ['style.safetensors', 'weights'],
    ['chair.glb', 'model3d'],
    ['Inter.woff2', 'font'],
    ['noextension', 'other'],
    ['strange.xyz123', 'other'],
  ])('%s is %s', (name, expected) => {
    expect(guessMediaType(name)).toBe(expected);
  });
});
