/** What an asset is *for* in a production, in the order the interface lists them. */
export const ASSET_TYPES = [
  'logo',
  'background_music',
  'intro_template',
  'outro',
  'transition',
  'font',
  'image',
  'video',
  'voiceover',
  'other',
  'sound_effect',
  'ambience',
  'model_3d',
  'texture',
  'material',
  'rig',
  'scene_file',
  'animation',
  'motion_capture',
  'particle_simulation',
  'lut',
  'lora',
  'controlnet',
  'embedding',
  'prompt_preset',
  'character_reference',
  'style_reference',
  'mood_board',
  'concept_art',
  'script',
  'document',
] as const;
export type AssetType = (typeof ASSET_TYPES)[number];

/** What the bytes *are*; detected from content, editable by a person. */
export const MEDIA_TYPES = [
  'image',
  'video',
  'audio',
  'document',
  'font',
  'model3d',
  'weights',
  'lut',
  'data',
  'other',
] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** How an asset came into the library. */
export const SOURCES = ['uploaded', 'generated', 'rendered', 'synced', 'imported'] as const;
export type Source = (typeof SOURCES)[number];

/** Life-cycle status set by people (U10). */
export const STATUSES = ['ingested', 'reviewed', 'approved', 'retired'] as const;
export type Status = (typeof STATUSES)[number];

/** Where the understanding of a file stands; every file ends in one of the last four (B5). */
export const STATES = ['processing', 'ready', 'ready_no_preview', 'failed', 'protected'] as const;
export type State = (typeof STATES)[number];

/** The shelves on which the interface groups the types; the first shelf is always on top (L3). */
export const TYPE_SHELVES: readonly { readonly name: string; readonly types: readonly AssetType[] }[] = [
  { name: 'everyday', types: ASSET_TYPES.slice(0, 10) },
  { name: 'visual', types: ['texture', 'material', 'concept_art', 'mood_board'] },
  { name: 'audio', types: ['sound_effect', 'ambience'] },
  { name: 'motion', types: ['animation', 'motion_capture', 'particle_simulation'] },
  { name: '3d', types: ['model_3d', 'rig', 'scene_file'] },
  { name: 'ai', types: ['lora', 'controlnet', 'embedding', 'prompt_preset', 'character_reference'] },
  { name: 'look', types: ['lut', 'style_reference'] },
  { name: 'document', types: ['script', 'document'] },
];
