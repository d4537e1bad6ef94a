import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { MediaType, State } from '../domain/asset-types.ts';
import type { Recipe } from '../domain/recipe.ts';
import { sizeRangeOf } from '../domain/size-range.ts';
import { isOpen } from './asset-columns.ts';
import type { BrandTx } from './database.ts';

export interface NewVersion {
  readonly assetId: string;
  readonly n: number;
  readonly storageKey: string;
  readonly sha256: Buffer;
  readonly sizeBytes: number;
  readonly mime: string;
  readonly mediaType: MediaType;
  readonly ext: string;
  readonly fileName: string;
  readonly declaredType: string;
  readonly createdBy: string;
}

export interface Version extends NewVersion {
  readonly state: State;
  readonly stateReason: string | null;
  readonly stateMessage: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

const VERSION = sql`v.asset_id as "assetId", v.n, v.storage_key as "storageKey", v.sha256, v.size_bytes as "sizeBytes",
  v.mime, v.media_type as "mediaType", v.ext, v.file_name as "fileName", v.declared_type as "declaredType", v.state,
  v.state_reason as "stateReason", v.state_message as "stateMessage", v.width, v.height, v.duration, v.facts,
  v.created_at as "createdAt", v.created_by as "createdBy"`;

/** The insert alone, to travel inside a larger statement. */
export function versionInsert(scope: BrandScope, version: NewVersion): RawBuilder<unknown> {
  return sql`
    insert into version (brand_id, asset_id, n, storage_key, sha256, size_bytes, mime, media_type, ext, file_name,
      declared_type, created_by)
    values (${scope.brandId}, ${version.assetId}, ${version.n}, ${version.storageKey}, ${version.sha256},
      ${version.sizeBytes}, ${version.mime}, ${version.mediaType}, ${version.ext}, ${version.fileName},
      ${version.declaredType}, ${version.createdBy})`;
}

export async function insertVersion(scope: BrandScope, tx: BrandTx, version: NewVersion): Promise<void> {
  await versionInsert(scope, version).execute(tx);
}

export async function listVersions(scope: BrandScope, tx: BrandTx, assetId: string): Promise<Version[]> {
  const { rows } = await sql<Version>`
    select ${VERSION} from version v where v.brand_id = ${scope.brandId} and v.asset_id = ${assetId}
    order by v.n desc`.execute(tx);
  return rows;
}

/** The asked version, or the current one; none for an asset that is being purged. */
export async function getVersion(
  scope: BrandScope,
  tx: BrandTx,
  which: { assetId: string; n: number | undefined },
): Promise<(Version & { readonly trashed: boolean; readonly name: string }) | undefined> {
  const { rows } = await sql<Version & { trashed: boolean; name: string }>`
    select ${VERSION}, a.trashed_at is not null as trashed, a.name from asset a
    join version v on v.brand_id = a.brand_id and v.asset_id = a.id and v.n = coalesce(${which.n ?? null}::int, a.current_version)
    where a.brand_id = ${scope.brandId} and a.id = ${which.assetId} and a.purging_at is null`.execute(tx);
  return rows[0];
}

/** What a look at the bytes told, as the version and, while it is current, its asset keep it. */
export interface Finding {
  readonly assetId: string;
  readonly state: State;
  readonly reason: string | null;
  readonly message: string | null;
  readonly mime: string;
  readonly mediaType: MediaType;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface VersionFinding extends Finding {
  readonly n: number;
  /** 16 hex digits. */
  readonly dctHash: string | null;
  readonly differenceHash: string | null;
  readonly recipe: Recipe | null;
}

export async function setVersionFinding(
  scope: BrandScope,
  tx: BrandTx,
  found: VersionFinding,
): Promise<void> {
  const bits = (hex: string | null) => sql`('x' || ${hex}::text)::bit(64)::bigint`;
  await sql`
    update version set state = ${found.state}, state_reason = ${found.reason}, state_message = ${found.message},
      mime = ${found.mime}, media_type = ${found.mediaType}, width = ${found.width}, height = ${found.height},
      duration = ${found.duration}, facts = ${JSON.stringify(found.facts)}, dct_hash = ${bits(found.dctHash)},
      difference_hash = ${bits(found.differenceHash)},
      recipe = ${found.recipe === null ? null : JSON.stringify(found.recipe)}::jsonb
    where brand_id = ${scope.brandId} and asset_id = ${found.assetId} and n = ${found.n}`.execute(tx);
}

/**
 * Makes a version the one that people see. Sizes follow it; the search row and the understanding are refreshed after. A
 * version that was looked at before has its pictures; until a new one does, those of the one before stay.
 */
export async function setCurrentVersion(
  scope: BrandScope,
  tx: BrandTx,
  change: { version: Version | NewVersion; addedBytes: number },
): Promise<void> {
  const { version } = change;
  const made = (name: string) => sql`exists (select 1 from rendition r where r.brand_id = a.brand_id
    and r.asset_id = a.id and r.n = ${version.n} and r.name = ${name})`;
  await sql`
    update asset a set current_version = ${version.n}, file_name = ${version.fileName}, mime = ${version.mime},
      size_bytes = ${version.sizeBytes}, size_range = ${sizeRangeOf(version.sizeBytes)}, sha256 = ${version.sha256},
      total_bytes = a.total_bytes + ${change.addedBytes},
      media_type = case when ${isOpen('mediaType')} then ${version.mediaType} else a.media_type end,
      version_count = (select count(*) from version v where v.brand_id = a.brand_id and v.asset_id = a.id),
      picture_version = case when ${made('thumbnail')} then ${version.n} else a.picture_version end,
      has_preview = case when ${made('thumbnail')} then ${made('preview')} else a.has_preview end,
      state = 'processing', state_reason = null, state_message = null, updated_at = now(), revision = a.revision + 1
    where a.brand_id = ${scope.brandId} and a.id = ${version.assetId}`.execute(tx);
}

export interface Rendition {
  readonly n: number;
  readonly name: string;
  readonly storageKey: string;
  readonly mime: string;
  readonly sizeBytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly tool: string;
  readonly toolVersion: string;
}

export type NewRendition = Omit<Rendition, 'n'>;

const RENDITION = sql`r.n, r.name, r.storage_key as "storageKey", r.mime, r.size_bytes as "sizeBytes", r.width, r.height,
  r.tool, r.tool_version as "toolVersion"`;

/** Adds renditions; of a name that the version has already, the one that is there stays. */
export async function addRenditions(
  scope: BrandScope,
  tx: BrandTx,
  of: { assetId: string; n: number; renditions: readonly NewRendition[] },
): Promise<void> {
  for (const made of of.renditions) {
    await sql`
      insert into rendition (brand_id, asset_id, n, name, storage_key, mime, size_bytes, width, height, tool, tool_version)
      values (${scope.brandId}, ${of.assetId}, ${of.n}, ${made.name}, ${made.storageKey}, ${made.mime}, ${made.sizeBytes},
        ${made.width}, ${made.height}, ${made.tool}, ${made.toolVersion})
      on conflict (brand_id, asset_id, n, name) do nothing`.execute(tx);
  }
}

/**
 * Replaces the renditions of a version; answers the keys that nothing names any more. A proxy stays: it takes long to
 * make, and the bytes it was made from never change.
 */
export async function replaceRenditions(
  scope: BrandScope,
  tx: BrandTx,
  of: { assetId: string; n: number; renditions: readonly NewRendition[] },
): Promise<string[]> {
  const old = await sql<{ key: string }>`
    delete from rendition
    where brand_id = ${scope.brandId} and asset_id = ${of.assetId} and n = ${of.n} and name <> 'proxy'
    returning storage_key as key`.execute(tx);
  await addRenditions(scope, tx, of);
  const kept = new Set(of.renditions.map((made) => made.storageKey));
  return old.rows.map((row) => row.key).filter((key) => !kept.has(key));
}

export async function listRenditions(
  scope: BrandScope,
  tx: BrandTx,
  of: { assetId: string; n: number },
): Promise<Rendition[]> {
  const { rows } = await sql<Rendition>`
    select ${RENDITION} from rendition r
    where r.brand_id = ${scope.brandId} and r.asset_id = ${of.assetId} and r.n = ${of.n} order by r.name`.execute(
    tx,
  );
  return rows;
}

/** A rendition of the asked version; without one of what people see, which for pictures may be the version before. */
export async function getRendition(
  scope: BrandScope,
  tx: BrandTx,
  which: { assetId: string; n: number | undefined; name: string },
): Promise<Rendition | undefined> {
  const { rows } = await sql<Rendition>`
    select ${RENDITION} from asset a
    join rendition r on r.brand_id = a.brand_id and r.asset_id = a.id and r.name = ${which.name}
      and r.n = coalesce(${which.n ?? null}::int,
        case when r.name in ('thumbnail', 'preview') then a.picture_version else a.current_version end)
    where a.brand_id = ${scope.brandId} and a.id = ${which.assetId} and a.purging_at is null`.execute(tx);
  return rows[0];
}

/** Versions of an asset that have a rendition of the name. */
export async function renditionNumbers(
  scope: BrandScope,
  tx: BrandTx,
  of: { assetId: string; name: string },
): Promise<Set<number>> {
  const { rows } = await sql<{ n: number }>`
    select n from rendition where brand_id = ${scope.brandId} and asset_id = ${of.assetId} and name = ${of.name}`.execute(
    tx,
  );
  return new Set(rows.map((row) => row.n));
}

/** Current versions that wait for a tool, in the order of their ids, a thousand at a time. */
export async function waitingVersions(
  scope: BrandScope,
  tx: BrandTx,
  which: { reason: string; after: string },
): Promise<{ assetId: string; n: number }[]> {
  const { rows } = await sql<{ assetId: string; n: number }>`
    select v.asset_id as "assetId", v.n from asset a
    join version v on v.brand_id = a.brand_id and v.asset_id = a.id and v.n = a.current_version
    where a.brand_id = ${scope.brandId} and a.state_reason = ${which.reason} and a.trashed_at is null
      and a.id > ${which.after}
    order by a.id limit 1000`.execute(tx);
  return rows;
}

/** Current versions that nobody has understood for a minute, in the order of their ids, a thousand at a time. */
export async function unfinishedVersions(
  scope: BrandScope,
  tx: BrandTx,
  after: string,
): Promise<{ assetId: string; n: number }[]> {
  const { rows } = await sql<{ assetId: string; n: number }>`
    select a.id as "assetId", a.current_version as n from asset a
    where a.brand_id = ${scope.brandId} and a.state = 'processing' and a.id > ${after} and a.purging_at is null
      and a.updated_at < now() - interval '1 minute'
    order by a.id limit 1000`.execute(tx);
  return rows;
}
