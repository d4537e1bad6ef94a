import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { Asset, AssetInFull, Provenance } from '../domain/asset.ts';
import type { AssetType, MediaType, Source } from '../domain/asset-types.ts';
import { idWord } from '../domain/ids.ts';
import { sizeRangeOf } from '../domain/size-range.ts';
import { ASSET_COLUMNS, FULL_COLUMNS, isOpen } from './asset-columns.ts';
import type { BrandTx } from './database.ts';
import { newLabels } from './labels.ts';
import type { Finding } from './versions.ts';

export interface NewAsset {
  readonly id: string;
  readonly name: string;
  readonly fileName: string;
  readonly type: AssetType;
  readonly mediaType: MediaType;
  readonly source: Source;
  readonly description: string;
  readonly sceneHint: string;
  readonly tags: readonly string[];
  readonly mustInclude: boolean;
  readonly product: string;
  readonly campaign: string;
  readonly mime: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
  readonly createdBy: string;
  readonly provenance: Provenance;
}

/** The insert alone, to travel inside a larger statement; returns the whole row. */
export function assetInsert(scope: BrandScope, asset: NewAsset): RawBuilder<AssetInFull> {
  return sql<AssetInFull>`
    insert into asset as a (brand_id, id, name, file_name, type, media_type, source, description, scene_hint, tags,
      must_include, product, campaign, mime, size_bytes, total_bytes, size_range, sha256, created_by, provenance)
    values (${scope.brandId}, ${asset.id}, ${asset.name}, ${asset.fileName}, ${asset.type}, ${asset.mediaType},
      ${asset.source}, ${asset.description}, ${asset.sceneHint}, ${[...asset.tags]}, ${asset.mustInclude},
      ${asset.product}, ${asset.campaign}, ${asset.mime},
      ${asset.sizeBytes}, ${asset.sizeBytes}, ${sizeRangeOf(asset.sizeBytes)}, ${asset.sha256}, ${asset.createdBy},
      ${JSON.stringify(asset.provenance)})
    returning ${FULL_COLUMNS}`;
}

export async function getAsset(scope: BrandScope, tx: BrandTx, id: string): Promise<AssetInFull | undefined> {
  const { rows } = await sql<AssetInFull>`
    select ${FULL_COLUMNS} from asset a
    where a.brand_id = ${scope.brandId} and a.id = ${id} and a.purging_at is null`.execute(tx);
  return rows[0];
}

export async function lockAsset(
  scope: BrandScope,
  tx: BrandTx,
  id: string,
): Promise<AssetInFull | undefined> {
  const { rows } = await sql<AssetInFull>`
    select ${FULL_COLUMNS} from asset a
    where a.brand_id = ${scope.brandId} and a.id = ${id} and a.purging_at is null for update`.execute(tx);
  return rows[0];
}

/** A live asset whose current version holds exactly these bytes; the oldest one. */
export async function findByDigest(
  scope: BrandScope,
  tx: BrandTx,
  sha256: Buffer,
): Promise<Asset | undefined> {
  const { rows } = await sql<Asset>`
    select ${ASSET_COLUMNS} from version v
    join asset a on a.brand_id = v.brand_id and a.id = v.asset_id and a.current_version = v.n
    where v.brand_id = ${scope.brandId} and v.sha256 = ${sha256} and a.trashed_at is null
    order by a.created_at, a.id limit 1`.execute(tx);
  return rows[0];
}

/** Two uploads of the same bytes at once: the second waits and then finds the first. */
export async function lockDigest(scope: BrandScope, tx: BrandTx, sha256: Buffer): Promise<void> {
  const key = `${scope.brandId}/${sha256.toString('hex')}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
}

export interface Understanding extends Finding {
  readonly transparent: boolean | null;
  readonly colour: string | null;
  readonly placeholder: string | null;
  readonly palette: readonly unknown[];
  readonly colours: readonly number[];
  readonly hasThumbnail: boolean;
  readonly hasPreview: boolean;
  /** What the content says the file is for, null when it says nothing. */
  readonly suggestedType: AssetType | null;
  /** The file tells of a generator. */
  readonly generated: boolean;
  /** What made it, as labels. */
  readonly recipeLabels: readonly string[];
}

/**
 * What was found out about the current version, shown on the asset. What a person set stays; a type that was only
 * guessed gives way to what the content says.
 */
export async function setUnderstanding(scope: BrandScope, tx: BrandTx, found: Understanding): Promise<void> {
  const { suggestedType } = found;
  const guessed = sql`${suggestedType}::text is not null and a.type <> ${suggestedType}
    and ${isOpen('type')} and coalesce(a.provenance -> 'type' ->> 'by', 'file') in ('file', 'computed')`;
  const isMade = sql`${found.generated}::boolean and a.source = 'uploaded'
    and coalesce(a.provenance -> 'source' ->> 'by', 'file') in ('file', 'computed')`;
  const maker = { source: { by: 'file', who: 'recipe', at: new Date().toISOString() } };
  const origin = { type: { by: 'computed', who: 'content', at: new Date().toISOString() } };
  await sql`
    update asset a set state = ${found.state}, state_reason = ${found.reason}, state_message = ${found.message},
      mime = ${found.mime},
      media_type = case when ${isOpen('mediaType')} then ${found.mediaType} else a.media_type end,
      type = case when ${guessed} then ${suggestedType} else a.type end,
      source = case when ${isMade} then 'generated' else a.source end,
      provenance = a.provenance || case when ${guessed} then ${JSON.stringify(origin)}::jsonb else '{}' end
        || case when ${isMade} then ${JSON.stringify(maker)}::jsonb else '{}' end,
      width = ${found.width}, height = ${found.height}, duration = ${found.duration}, transparent = ${found.transparent},
      colour = ${found.colour}, colours = ${[...found.colours]}::smallint[], placeholder = ${found.placeholder}, facts = ${JSON.stringify(found.facts)},
      palette = ${JSON.stringify(found.palette)}, has_thumbnail = ${found.hasThumbnail},
      recipe_labels = ${[...found.recipeLabels]}::text[],
      has_preview = ${found.hasPreview}, picture_version = a.current_version, updated_at = now(), revision = a.revision + 1
    where a.brand_id = ${scope.brandId} and a.id = ${found.assetId}`.execute(tx);
}

/** The searchable text of a new asset; the insert alone, to travel inside a larger statement. */
export function searchRowInsert(scope: BrandScope, row: NewAsset): RawBuilder<unknown> {
  const words = [row.name, row.fileName, ...row.tags].join(' ');
  const more = [idWord(row.id), row.description, row.sceneHint, row.product, row.campaign].join(' ');
  return sql`
    insert into search_row (brand_id, asset_id, created_at, type, source, media_type, size_range, total_bytes, name, labels, tsv)
    values (${scope.brandId}, ${row.id}, now(), ${row.type}, ${row.source}, ${row.mediaType},
      ${sizeRangeOf(row.sizeBytes)}, ${row.sizeBytes}, lower(${row.name}), ${newLabels(row)},
      search_vector(${words}, ${more}))`;
}

/** Of these ids, those that the brand has, purge or not. */
export async function existingIds(
  scope: BrandScope,
  tx: BrandTx,
  ids: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from asset where brand_id = ${scope.brandId} and id = any(${[...ids]}::text[])`.execute(tx);
  return new Set(rows.map((row) => row.id));
}
