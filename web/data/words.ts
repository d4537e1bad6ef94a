import type {
  AssetCard,
  AssetFilter,
  AssetType,
  MediaType,
  Sort,
  Source,
  State,
  Status,
} from '../../client/index.ts';
import { formatMonth, titleCase } from '../i18n/format.ts';

export type Grouping = 'type' | 'source' | 'size' | 'month' | 'product' | 'status' | 'none';
export type SizeRange = NonNullable<AssetFilter['sizeRange']>[number];

/** Words for the contract's keys, in the order of display. The types keep each list complete. */
export const TYPE_WORDS: Readonly<Record<AssetType, string>> = {
  logo: 'Logo',
  background_music: 'Background music',
  intro_template: 'Intro template',
  outro: 'Outro',
  transition: 'Transition',
  font: 'Font',
  image: 'Image',
  video: 'Video',
  voiceover: 'Voiceover',
  other: 'Other',
  sound_effect: 'Sound effect',
  ambience: 'Ambience',
  model_3d: '3D model',
  texture: 'Texture',
  material: 'Material',
  rig: 'Rig',
  scene_file: 'Scene file',
  animation: 'Animation',
  motion_capture: 'Motion capture',
  particle_simulation: 'Particle simulation',
  lut: 'LUT',
  lora: 'LoRA',
  controlnet: 'ControlNet',
  embedding: 'Embedding',
  prompt_preset: 'Prompt preset',
  character_reference: 'Character reference',
  style_reference: 'Style reference',
  mood_board: 'Mood board',
  concept_art: 'Concept art',
  script: 'Script',
  document: 'Document',
};

/** The types in groups; the ten everyday ones first. */
export const TYPE_SHELVES: readonly { readonly title: string; readonly types: readonly AssetType[] }[] = [
  {
    title: 'Everyday',
    types: [
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
    ],
  },
  { title: 'Visual', types: ['texture', 'material', 'concept_art', 'mood_board'] },
  { title: 'Audio', types: ['sound_effect', 'ambience'] },
  { title: 'Motion', types: ['animation', 'motion_capture', 'particle_simulation'] },
  { title: '3D', types: ['model_3d', 'rig', 'scene_file'] },
  { title: 'AI', types: ['lora', 'controlnet', 'embedding', 'prompt_preset', 'character_reference'] },
  { title: 'Look', types: ['lut', 'style_reference'] },
  { title: 'Document', types: ['script', 'document'] },
];

export const MEDIA_WORDS: Readonly<Record<MediaType, string>> = {
  image: 'Images',
  video: 'Video',
  audio: 'Audio',
  document: 'Documents',
  font: 'Fonts',
  model3d: '3D models',
  weights: 'Weights',
  lut: 'LUTs',
  data: 'Data',
  other: 'Other files',
};

export const SOURCE_WORDS: Readonly<Record<Source, string>> = {
  uploaded: 'Uploaded',
  generated: 'Generated',
  rendered: 'Rendered',
  synced: 'Synced',
  imported: 'Imported',
};

export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  ingested: 'New',
  reviewed: 'Reviewed',
  approved: 'Approved',
  retired: 'Retired',
};

export const STATE_WORDS: Readonly<Record<State, string>> = {
  processing: 'Being read',
  ready: 'Ready',
  ready_no_preview: 'No preview',
  failed: 'Could not be read',
  protected: 'Locked by a password',
};

export const SIZE_WORDS: Readonly<Record<SizeRange, string>> = {
  'under-100kb': 'Under 100 kB',
  '100kb-1mb': '100 kB to 1 MB',
  '1mb-10mb': '1 to 10 MB',
  '10mb-100mb': '10 to 100 MB',
  '100mb-1gb': '100 MB to 1 GB',
  'over-1gb': '1 GB and more',
};

export const SORT_WORDS: Readonly<Record<Sort, string>> = {
  '-created': 'Newest first',
  created: 'Oldest first',
  name: 'Name, A to Z',
  '-name': 'Name, Z to A',
  '-size': 'Largest first',
  size: 'Smallest first',
  '-uses': 'Most used first',
  uses: 'Least used first',
  '-used': 'Last used first',
  used: 'Longest unused first',
  '-rating': 'Best rated first',
  rating: 'Worst rated first',
  '-duration': 'Longest first',
  duration: 'Shortest first',
  '-added': 'Last added first',
  added: 'First added first',
};

export const GROUPING_WORDS: Readonly<Record<Grouping, string>> = {
  none: 'No groups',
  type: 'Asset type',
  source: 'Source',
  size: 'Size range',
  month: 'Month',
  product: 'Product',
  status: 'Status',
};

export const PEOPLE_WORDS: Readonly<Record<NonNullable<AssetFilter['hasPeople']>[number], string>> = {
  yes: 'With people',
  no: 'Without people',
  unknown: 'People unknown',
};

export const RATING_WORDS: Readonly<Record<NonNullable<AssetFilter['rating']>[number], string>> = {
  '5': '5 stars',
  '4': '4 stars',
  '3': '3 stars',
  '2': '2 stars',
  '1': '1 star',
  '-': 'Not rated',
};

/** Fields in which words of a search were found. */
export const MATCH_WORDS: Readonly<Record<NonNullable<AssetCard['matched']>['field'], string>> = {
  id: 'Id',
  name: 'Name',
  tags: 'Tags',
  description: 'Description',
  sceneHint: 'Scene hint',
  product: 'Product',
  campaign: 'Campaign',
  mood: 'Mood',
  style: 'Style',
  custom: 'Own field',
  prompt: 'Recipe',
  fileName: 'File name',
  text: 'Text',
};

/** Words for a product or a campaign; a dash stands for none. */
export function labelWords(key: string, none: string): string {
  return key === '-' ? none : key;
}

/** Keys of a table of words, with their own type. */
export function keysOf<K extends string>(words: Readonly<Record<K, string>>): readonly K[] {
  return Object.keys(words).filter((key): key is K => key in words);
}

const GROUP_WORDS: Partial<Record<Grouping, Readonly<Record<string, string>>>> = {
  type: TYPE_WORDS,
  source: SOURCE_WORDS,
  size: SIZE_WORDS,
  status: STATUS_WORDS,
};

/** Title of a group's header. */
export function groupTitle(by: Grouping, key: string): string {
  if (by === 'month') return formatMonth(key);
  if (by === 'product') return labelWords(key, 'No product');
  const words: Readonly<Record<string, string>> = GROUP_WORDS[by] ?? {};
  return words[key] ?? titleCase(key);
}
