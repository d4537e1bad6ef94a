import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundRecipe } from '../../src/domain/recipe.ts';
import type { RecipeReader } from '../../src/recipes/contract.ts';

export interface RecipeReaderCase {
  readonly reader: RecipeReader;
  /** Blocks as its tools write them. */
  readonly intact: readonly ReadonlyMap<string, Uint8Array>[];
}

/** Names under which any reader may look. */
export const PLACES = [
  'png:parameters',
  'png:prompt',
  'png:workflow',
  'png:invokeai_metadata',
  'png:sd-metadata',
  'png:Dream',
  'png:Description',
  'png:Comment',
  'png:Software',
  'png:Source',
  'exif:UserComment',
  'exif:ImageDescription',
  'exif:Make',
  'exif:Model',
  'xmp',
  'c2pa',
] as const;

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

const UNTEXTUAL = '{"toString":1,"valueOf":1}';

/** Pieces that look like something and are not. */
const HOSTILE: readonly Uint8Array[] = [
  '',
  '{',
  'null',
  '[]',
  '"',
  '{"__proto__":{"class_type":"KSampler","inputs":{"constructor":["__proto__",0]}}}',
  nested('[', ']', 200_000),
  `{"a":${nested('{"b":', '}', 1).replace('}', '1}')}}`,
  `{"prompt":${nested('[', ']', 100_000)},"sui_image_params":${nested('[', ']', 100_000)}}`,
  '"'.repeat(300_000),
  '\\"'.repeat(300_000),
  '<lora:'.repeat(100_000),
  '['.repeat(300_000),
  ' --a'.repeat(100_000),
  `Steps: 1, ${'"'.repeat(100_001)}`,
  `Steps: 1, Lora hashes: ${'a: b, '.repeat(100_000)}`,
  `${'\n'.repeat(200_000)}Steps: 1`,
  `"${'[a'.repeat(100_000)}" -s 1`,
  '<dc:description>'.repeat(20_000),
  '9'.repeat(300_000),
  // Names that every object has, and groups that cannot be turned into text.
  ...['Software', 'class_type', 'link', 'switch_1'].map(
    (name) => `{"${name}":${UNTEXTUAL},"base_model":1,"prompt":1}`,
  ),
  `{"nodes":[{"type":"A","id":1,"inputs":[{"name":"a","link":${UNTEXTUAL}}],"widgets_values":[${UNTEXTUAL}]}],"links":[[${UNTEXTUAL},1,0]]}`,
  `{"1":{"class_type":"KSampler","inputs":{"seed":1,"positive":["2",0],"model":["2",0]}},"2":{"class_type":"L","inputs":{"lora_name_1":"x","switch_1":${UNTEXTUAL}}}}`,
  'a boat --constructor --ar 1:1 Job ID: 12345678-1234-1234-1234-123456789012',
].map(bytesOf);

/** What every reader must hold to, whatever it reads. */
export function recipeReaderSuite({ reader, intact }: RecipeReaderCase): void {
  describe(`recipe reader ${reader.name}`, () => {
    it('reads what its tools write and names the blocks it understood', () => {
      expect(intact.length).toBeGreaterThan(0);
      for (const blocks of intact) {
        expect(reader.accepts(blocks)).toBe(true);
        const found = reader.read(blocks);
        expect(found?.used.length).toBeGreaterThan(0);
        for (const name of found?.used ?? []) expect(blocks.has(name)).toBe(true);
        expectSound(found?.recipe ?? {});
      }
    });

    it('answers nothing for a file without metadata', () => {
      expect(reader.accepts(new Map())).toBe(false);
      expect(reader.read(new Map())).toBeNull();
    });

    it('neither throws nor hangs on hostile blocks', { timeout: 60_000 }, () => {
      for (const bytes of HOSTILE) {
        readAnywhere(reader, bytes);
        readAnywhere(reader, Buffer.concat([Buffer.from('UNICODE\0'), bytes]));
      }
    });

    it('takes cut and altered blocks for what they are', { timeout: 60_000 }, () => {
      const spoilt = fc.record({
        at: fc.nat(),
        length: fc.nat(),
        byte: fc.integer({ min: 0, max: 255 }),
        which: fc.nat(),
      });
      fc.assert(
        fc.property(spoilt, ({ at, length, byte, which }) => {
          const blocks = intact[which % intact.length] ?? new Map<string, Uint8Array>();
          const broken = [...blocks].map(([name, bytes]): [string, Uint8Array] => {
            const copy = Uint8Array.from(bytes).subarray(0, bytes.length - (length % (bytes.length + 1)));
            if (copy.length > 0) copy[at % copy.length] = byte;
            return [name, copy];
          });
          expectSound(reader.read(new Map(broken))?.recipe ?? {});
        }),
        { numRuns: 300 },
      );
    });

    it('holds for any bytes and any JSON', { timeout: 60_000 }, () => {
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc.json({ maxDepth: 6 }).map(bytesOf),
        fc.string({ unit: 'binary', maxLength: 300 }).map(bytesOf),
      );
      fc.assert(
        fc.property(bytes, (any) => readAnywhere(reader, any)),
        { numRuns: 150 },
      );
    });
  });
}

function readAnywhere(reader: RecipeReader, bytes: Uint8Array): void {
  for (const name of PLACES) {
    const blocks = new Map([[name, bytes]]);
    if (reader.accepts(blocks)) expectSound(reader.read(blocks)?.recipe ?? {});
  }
  const everywhere = new Map(PLACES.map((name) => [name, bytes]));
  if (reader.accepts(everywhere)) expectSound(reader.read(everywhere)?.recipe ?? {});
}

/** What is kept of a draft is bounded, plain JSON and fit for the database. */
export function expectSound(draft: Parameters<typeof boundRecipe>[0]): void {
  const recipe = boundRecipe(draft);
  if (recipe === null) return;
  const json = JSON.stringify(recipe);
  expect(json.length).toBeLessThan(400_000);
  expect(json).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/);
  expect(JSON.parse(json)).toEqual(recipe);
  expect(recipe.loras.length).toBeLessThanOrEqual(50);
}
