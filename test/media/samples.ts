import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import type { Decoder, Description } from '../../src/media/contract.ts';
import { describeFile, testDecoder } from './support.ts';

/** Where the sample files lie. */
export let folder = '';
export let decoder: Decoder;

/** Gives the tests of a file the samples and a decoder. */
export function samples(): void {
  beforeAll(async () => {
    folder = await makeFixtures();
    decoder = testDecoder();
  }, 120_000);
  afterAll(() => decoder.close());
}

/** What is found out about a sample. */
export function look(name: string): Promise<Description> {
  return describeFile(decoder, join(folder, name));
}
