import { z } from 'zod';
import { assetId, bytes, onAsset } from './common.ts';

const asset = z
  .object({ id: assetId, name: z.string() })
  .nullable()
  .describe('The asset of the brand that holds these weights, found by hash, file name or title');
const said = z.string().nullable();
const figure = z.number().nullable();

const recipe = z.object({
  tool: said.describe('The program or service that made it'),
  prompt: said,
  negative: said,
  seed: said.describe('Text, since seeds have up to 64 bits'),
  sampler: said,
  scheduler: said,
  steps: figure,
  cfg: figure,
  width: figure.describe('As asked of the generator; the file may have been enlarged since'),
  height: figure,
  model: z.object({ name: said, hash: said, asset }).nullable(),
  loras: z.array(z.object({ name: z.string(), weight: figure, hash: said, asset })),
  more: z.array(z.object({ name: z.string(), value: z.string() })).describe('What else the tool wrote'),
  claim: z
    .object({
      made: z.enum(['ai', 'partly_ai']).nullable().describe('What the file says of its making'),
      generator: said,
      credentials: z
        .boolean()
        .describe('It carries content credentials (C2PA); their signature is not checked'),
    })
    .nullable(),
  raw: z
    .array(z.object({ name: z.string(), mime: z.string(), size: bytes, path: z.string() }))
    .describe('The blocks that were read, kept bit for bit'),
});

export const recipeOperations = {
  'assets.recipe': {
    summary: 'Read how a picture was generated, as its file tells it',
    input: z.strictObject({ ...onAsset, version: z.number().int().min(1).optional() }),
    output: z.object({ version: z.number().int(), recipe: recipe.nullable() }),
    verb: 'read',
  },
} as const;
