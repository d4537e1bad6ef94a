import { isAbsolute, relative } from 'node:path';
import { z } from 'zod';
import { ASSET_TYPES, MEDIA_TYPES, STATES } from '../domain/asset-types.ts';
import { MOST_BLOCKS } from '../domain/recipe.ts';
import type { DescribeTask, Description, MediaSource, Tools } from './contract.ts';

/** What the parent sends: one task at a time. */
export interface TaskMessage {
  readonly id: number;
  readonly source: MediaSource;
  readonly scratch: string;
  readonly tools: Tools;
  readonly make?: NonNullable<DescribeTask['make']>;
  readonly cut?: NonNullable<DescribeTask['cut']>;
  readonly picture?: NonNullable<DescribeTask['picture']>;
}

const text = z.string().max(2000);
const figure = z.number().min(-1e12).max(1e15);
const detected = z.object({
  mime: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/),
  ext: z.string().regex(/^[a-z0-9]{1,12}$/),
  mediaType: z.enum(MEDIA_TYPES),
});
const facts = z.object({
  width: figure.exactOptional(),
  height: figure.exactOptional(),
  duration: figure.exactOptional(),
  pages: figure.exactOptional(),
  frameRate: figure.exactOptional(),
  videoCodec: text.exactOptional(),
  audioCodec: text.exactOptional(),
  channels: figure.exactOptional(),
  sampleRate: figure.exactOptional(),
  bitRate: figure.exactOptional(),
  colourSpace: text.exactOptional(),
  transparent: z.boolean().exactOptional(),
  animated: z.boolean().exactOptional(),
  frames: figure.exactOptional(),
  title: text.exactOptional(),
  artist: text.exactOptional(),
  album: text.exactOptional(),
  damaged: z.boolean().exactOptional(),
  more: z.record(z.string().max(60), z.union([text, figure, z.boolean()])).exactOptional(),
});
const rendition = z.object({
  name: z.enum([
    'thumbnail',
    'preview',
    'storyboard',
    'waveform',
    'proxy',
    'cover',
    'enhanced',
    'picture',
    'pages',
    'model',
    'table',
  ]),
  path: z.string(),
  mime: z.enum([
    'image/webp',
    'image/jpeg',
    'image/png',
    'image/avif',
    'application/json',
    'application/pdf',
    'model/gltf-binary',
    'video/mp4',
  ]),
  ext: z.enum(['webp', 'jpg', 'png', 'avif', 'json', 'pdf', 'glb', 'mp4']),
  width: figure.exactOptional(),
  height: figure.exactOptional(),
  tool: text,
  toolVersion: text,
});
const hash = z.string().regex(/^[0-9a-f]{16}$/);
const description = z.object({
  state: z.enum(STATES).exclude(['processing']),
  reason: z.string().max(60).exactOptional(),
  message: text.exactOptional(),
  detected: detected.exactOptional(),
  facts,
  renditions: z.array(rendition).max(10),
  placeholder: z.string().max(64).exactOptional(),
  palette: z
    .array(z.object({ hex: z.string().regex(/^#[0-9a-f]{6}$/), share: figure, name: text }))
    .exactOptional(),
  dctHash: hash.exactOptional(),
  differenceHash: hash.exactOptional(),
  text: z.string().max(200_000).exactOptional(),
  embedded: z
    .array(z.object({ name: text, path: z.string().max(4096) }))
    .max(MOST_BLOCKS)
    .exactOptional(),
  suggestedType: z.enum(ASSET_TYPES).exactOptional(),
});
const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('early'), id: z.number(), description }),
  z.object({
    type: z.literal('done'),
    id: z.number(),
    description,
    cpuSeconds: z.number(),
    memory: z.number(),
  }),
  z.object({ type: z.literal('memory'), id: z.number() }),
]);
export type ChildMessage = z.infer<typeof message>;

/**
 * Reads what a child says. A hostile file may have taken the child over, so every value is checked: numbers are finite,
 * files lie inside the task's scratch folder. Null for anything else.
 */
export function readChildMessage(value: unknown, scratch: string): ChildMessage | null {
  const read = message.safeParse(value);
  if (!read.success) return null;
  if ('description' in read.data && !isInside(read.data.description, scratch)) return null;
  return read.data;
}

function isInside(found: Description, scratch: string): boolean {
  return [...found.renditions, ...(found.embedded ?? [])].every(({ path }) => {
    const below = relative(scratch, path);
    return below !== '' && !below.startsWith('..') && !isAbsolute(below);
  });
}
