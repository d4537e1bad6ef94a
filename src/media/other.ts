import type { MediaKind } from './contract.ts';
import { noPreview } from './outcome.ts';

/** Everything no other kind knows: kept, found by name and tags, and said so. Its bytes are not opened. */
export const other: MediaKind = {
  name: 'other',
  accepts: () => true,
  describe: () => Promise.resolve(noPreview('no_preview_for_type')),
};
