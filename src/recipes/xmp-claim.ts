import { madeBy } from './c2pa.ts';
import type { RecipeReader } from './contract.ts';
import { textIn } from './text.ts';
import { xmpProperty } from './xmp.ts';

/** The plain word in XMP that a picture was made by AI, as Google, Midjourney and others write it. */
export const xmpClaim: RecipeReader = {
  name: 'XMP',
  accepts: (blocks) => blocks.has('xmp'),
  read(blocks) {
    const packet = textIn(blocks, 'xmp') ?? '';
    const made = madeBy(xmpProperty(packet, 'Iptc4xmpExt:DigitalSourceType'));
    if (made === null) return null;
    const generator =
      xmpProperty(packet, 'photoshop:Credit')?.replace(/^made with /i, '') ??
      xmpProperty(packet, 'xmp:CreatorTool') ??
      null;
    return { recipe: { claim: { made, generator, credentials: false } }, used: ['xmp'] };
  },
};
