import type { PictureSize } from '../domain/delivery.ts';
import type { PictureCache } from '../storage/picture-cache.ts';
import type { WorkLine } from './work-line.ts';

/** What pictures on demand are made with. */
export interface PictureDesk {
  readonly cache: PictureCache;
  readonly line: WorkLine;
  /** What everybody who may see an asset may ask for. */
  readonly sizes: readonly PictureSize[];
}
