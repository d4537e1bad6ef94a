/** What a brand's event stream tells. Events name ids only; whoever listens asks for what it shows. */
export const EVENT_KINDS = [
  'asset.added',
  'asset.ready',
  'asset.changed',
  'asset.trashed',
  'asset.restored',
  'asset.purged',
  'assets.changed',
  'storage.changed',
  'collections.changed',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];
