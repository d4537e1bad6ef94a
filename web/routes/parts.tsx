import { lazy } from '../data/lazy.ts';

/** Parts of the page that load when they are first needed. */
export const DetailPanel = lazy(async () => ({
  default: (await import('../panels/detail.tsx')).DetailPanel,
}));
export const ManyPanel = lazy(async () => ({
  default: (await import('../panels/many-panel.tsx')).ManyPanel,
}));
export const TrashSection = lazy(async () => ({
  default: (await import('../panels/trash.tsx')).TrashSection,
}));
export const BulkBar = lazy(async () => ({ default: (await import('../panels/bulk-bar.tsx')).BulkBar }));
export const QuickPreview = lazy(async () => ({
  default: (await import('../viewers/quick-preview.tsx')).QuickPreview,
}));
export const UploadPanel = lazy(async () => ({ default: (await import('../upload/panel.tsx')).UploadPanel }));
export const DropOverlay = lazy(async () => ({ default: (await import('../upload/drop.tsx')).DropOverlay }));
export const Steps = lazy(async () => ({ default: (await import('../panels/steps.tsx')).Steps }));
export const Advisor = lazy(async () => ({ default: (await import('../panels/advisor.tsx')).Advisor }));
export const CollectionHead = lazy(async () => ({
  default: (await import('../panels/collection-head.tsx')).CollectionHead,
}));
export const EmptyCollection = lazy(async () => ({
  default: (await import('../panels/collection-head.tsx')).EmptyCollection,
}));
export const Collections = lazy(async () => ({
  default: (await import('../panels/collections.tsx')).Collections,
}));
export const CollectionPicker = lazy(async () => ({
  default: (await import('../panels/collection-picker.tsx')).CollectionPicker,
}));
export const ShareDialog = lazy(async () => ({
  default: (await import('../panels/share-dialog.tsx')).ShareDialog,
}));
