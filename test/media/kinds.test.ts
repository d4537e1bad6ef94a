import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import { findTools } from '../../src/media/capabilities.ts';
import type { Detected, MediaSource } from '../../src/media/contract.ts';
import { KINDS } from '../../src/media/kinds.ts';
import { mediaKindSuite } from '../suites/media-kind.ts';
import { sourceOf } from './support.ts';

let folder = '';
beforeAll(async () => {
  folder = await makeFixtures();
}, 120_000);

function filesIn(sub: string): string[] {
  return readdirSync(join(folder, sub)).map((name) => join(folder, sub, name));
}

async function intactFor(accepts: (detected: Detected) => boolean): Promise<MediaSource[]> {
  const files = ['image', 'video', 'audio', 'document', 'other'].flatMap(filesIn);
  const sources = await Promise.all(files.map((path) => sourceOf(path)));
  return sources.filter(({ detected }) => accepts(detected));
}

/** A type that each kind accepts, so that every broken file can be pushed at every kind. */
const TYPES: Readonly<Record<string, Detected>> = {
  image: { mime: 'image/png', ext: 'png', mediaType: 'image' },
  video: { mime: 'video/mp4', ext: 'mp4', mediaType: 'video' },
  audio: { mime: 'audio/mpeg', ext: 'mp3', mediaType: 'audio' },
  pdf: { mime: 'application/pdf', ext: 'pdf', mediaType: 'document' },
  office: {
    mime: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ext: 'docx',
    mediaType: 'document',
  },
  font: { mime: 'font/ttf', ext: 'ttf', mediaType: 'font' },
  lut: { mime: 'application/x-cube-lut', ext: 'cube', mediaType: 'lut' },
  weights: { mime: 'application/x-safetensors', ext: 'safetensors', mediaType: 'weights' },
  model3d: { mime: 'model/gltf-binary', ext: 'glb', mediaType: 'model3d' },
  motion: { mime: 'application/x-bvh', ext: 'bvh', mediaType: 'data' },
  text: { mime: 'text/plain', ext: 'txt', mediaType: 'document' },
  other: { mime: 'application/octet-stream', ext: 'bin', mediaType: 'other' },
};

for (const kind of KINDS) {
  mediaKindSuite({
    kind,
    tools: findTools(),
    intact: async () => {
      const found = await intactFor((detected) => KINDS.find((one) => one.accepts(detected)) === kind);
      // A few of each format show as much as twenty and keep the run short.
      const enough = kind.name === 'video' ? 1 : 3;
      const twins = (i: number): number =>
        found.slice(0, i).filter(({ detected }) => detected.mime === found[i]?.detected.mime).length;
      return found.filter((_, i) => twins(i) < enough);
    },
    broken: () => {
      const type = TYPES[kind.name];
      if (type === undefined) throw new Error(`Name a type for the kind ${kind.name} here.`);
      const files = filesIn('bad');
      return Promise.all(files.flatMap((path) => [sourceOf(path, type)]));
    },
  });
}

describe('the list of kinds', () => {
  it('ends with the one that accepts everything', () => {
    expect(KINDS.at(-1)?.name).toBe('other');
    expect(KINDS.at(-1)?.accepts({ mime: 'x/y', ext: 'z', mediaType: 'data' })).toBe(true);
  });
});
