import type { AssetChange } from '../../contract/assets.ts';
import type { UploadFields } from '../../contract/uploads.ts';

/** One asset of the demo library: what is said while it is stored, and what people would add later. */
export interface DemoItem {
  readonly name: string;
  readonly fields: Omit<UploadFields, 'name'>;
  readonly later?: AssetChange;
  make(): Promise<Buffer> | Buffer;
}

export const CAMPAIGNS = ['Spring trails', 'Winter light', 'Night city'] as const;
