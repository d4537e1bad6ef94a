import type { Output } from '../../client/index.ts';

type Claim = NonNullable<NonNullable<Output<'assets.recipe'>['recipe']>['claim']>;

const MADE = { ai: 'made with AI', partly_ai: 'partly made with AI' } as const;

/** What a file says of itself; nobody has checked it. */
export function claimWords({ made, generator, credentials }: Claim): string {
  const by = generator === null ? '' : ` by ${generator}`;
  if (!credentials) return `Says it was ${made === null ? 'made' : MADE[made]}${by} (not verified).`;
  const says =
    made === null ? (generator === null ? '' : ` They name ${generator}.`) : ` They say: ${MADE[made]}${by}.`;
  return `Carries content credentials (not verified).${says}`;
}

/** The file name of weights without folders and ending. */
export function fileWords(name: string): string {
  const file = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  return file.replace(/\.(safetensors|ckpt|pt|pth|bin|gguf|sft)$/i, '') || name;
}

export function weightWords(weight: number | null): string {
  return weight === null ? '' : `× ${Number(weight.toFixed(3))}`;
}

const BLOCKS: Readonly<Record<string, string>> = {
  'png:prompt': 'the graph that ran',
  'png:workflow': 'the workflow',
  'png:invokeai_workflow': 'the workflow',
  'exif:Make': 'the workflow',
  'exif:Model': 'the graph that ran',
  c2pa: 'the content credentials',
  xmp: 'the XMP packet',
};

export function blockWords(name: string): string {
  return BLOCKS[name] ?? 'the recipe';
}
