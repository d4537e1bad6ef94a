import type { AssetType, MediaType, Source, State, Status } from './asset-types.ts';

/** Who said a field: people win over files, files over computation and models (U4). */
export interface FieldOrigin {
  readonly by: 'person' | 'file' | 'computed' | 'model';
  readonly who: string;
  readonly at: string;
}
export type Provenance = Readonly<Record<string, FieldOrigin>>;

/** An asset as stored. Sizes bytes, durations seconds; null is unknown. */
export interface Asset {
  readonly id: string;
  readonly name: string;
  readonly fileName: string;
  readonly type: AssetType;
  readonly mediaType: MediaType;
  readonly source: Source;
  readonly status: Status;
  readonly state: State;
  readonly stateReason: string | null;
  readonly stateMessage: string | null;
  readonly description: string;
  readonly sceneHint: string;
  readonly tags: readonly string[];
  readonly mustInclude: boolean;
  readonly rating: number | null;
  readonly product: string;
  readonly campaign: string;
  readonly hasPeople: boolean | null;
  readonly mime: string;
  readonly sizeBytes: number;
  readonly totalBytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
  readonly transparent: boolean | null;
  readonly colour: string | null;
  readonly placeholder: string | null;
  readonly version: number;
  readonly versionCount: number;
  readonly hasThumbnail: boolean;
  readonly hasPreview: boolean;
  /** The version that its pictures show: the one before while a new one is being looked at. */
  readonly pictureVersion: number;
  readonly sha256: Buffer;
  readonly usageCount: number;
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly trashedAt: Date | null;
  readonly revision: number;
  /** Of whoever asked. */
  readonly favourite: boolean;
}

/** The wider row that the detail view needs. */
export interface AssetInFull extends Asset {
  readonly mood: readonly string[];
  readonly style: readonly string[];
  readonly custom: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly palette: readonly { readonly hex: string; readonly share: number; readonly name: string }[];
  readonly provenance: Provenance;
  /** Fields that only people may change. */
  readonly locked: readonly string[];
}

/** Fields that people change; each is journaled from → to and can be undone. */
export interface AssetEdit {
  readonly name?: string;
  readonly type?: AssetType;
  readonly mediaType?: MediaType;
  readonly status?: Status;
  readonly description?: string;
  readonly sceneHint?: string;
  readonly tags?: readonly string[];
  readonly mustInclude?: boolean;
  readonly rating?: number | null;
  readonly product?: string;
  readonly campaign?: string;
  readonly mood?: readonly string[];
  readonly style?: readonly string[];
  readonly hasPeople?: boolean | null;
  /** Merged into what is there, key by key; null takes a key away. */
  readonly custom?: Readonly<Record<string, string | null>>;
  /** Locks and unlocks fields, each by itself; the others stay as they are. */
  readonly lock?: Readonly<Partial<Record<Lockable, boolean>>>;
}

/** Fields that a person may lock against whatever works by itself: analysis, files, guesses. People still edit them. */
export const LOCKABLE = [
  'name',
  'type',
  'mediaType',
  'status',
  'description',
  'sceneHint',
  'tags',
  'mustInclude',
  'rating',
  'product',
  'campaign',
  'mood',
  'style',
  'hasPeople',
  'custom',
] as const satisfies readonly (keyof AssetEdit)[];
export type Lockable = (typeof LOCKABLE)[number];
