import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { MediaType } from '../domain/asset-types.ts';
import type { BrandTx } from './database.ts';

export interface ShareRow {
  readonly id: string;
  readonly assetId: string | null;
  readonly collectionId: string | null;
  readonly name: string;
  readonly description: string;
  /** Of what it shows. */
  readonly count: number;
  readonly isThere: boolean;
  readonly passwordHash: string | null;
  readonly expiresAt: Date | null;
  readonly allowDownload: boolean;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly lastUsedAt: Date | null;
  readonly views: number;
  readonly downloads: number;
}

/** Links with the name of what they show now (aliases `s`, `a`, `c`). */
const shares = (scope: BrandScope) => sql`
  select s.id, s.asset_id as "assetId", s.collection_id as "collectionId", coalesce(c.name, a.name) as name,
    coalesce(c.description, '') as description, coalesce(c.live_count, 1) as count,
    case when s.asset_id is null then c.deleted_at is null else a.trashed_at is null end as "isThere",
    s.password_hash as "passwordHash", s.expires_at as "expiresAt", s.allow_download as "allowDownload",
    s.revoked_at as "revokedAt", s.created_at as "createdAt", s.created_by as "createdBy",
    s.last_used_at as "lastUsedAt", s.views, s.downloads
  from share_link s
  left join asset a on a.brand_id = ${scope.brandId} and a.id = s.asset_id
  left join collection c on c.brand_id = ${scope.brandId} and c.id = s.collection_id
  where s.brand_id = ${scope.brandId}`;

export async function getShare(scope: BrandScope, tx: BrandTx, id: string): Promise<ShareRow | undefined> {
  const { rows } = await sql<ShareRow>`${shares(scope)} and s.id = ${id}`.execute(tx);
  return rows[0];
}

export async function listShares(
  scope: BrandScope,
  tx: BrandTx,
  page: {
    asset: string | undefined;
    collection: string | undefined;
    after: readonly [string, string] | undefined;
    limit: number;
  },
): Promise<ShareRow[]> {
  const { asset, collection, after } = page;
  const { rows } = await sql<ShareRow>`
    ${shares(scope)}
      and ${asset === undefined ? sql`true` : sql`s.asset_id = ${asset}`}
      and ${collection === undefined ? sql`true` : sql`s.collection_id = ${collection}`}
      and ${after === undefined ? sql`true` : sql`(s.created_at, s.id) < (${after[0]}::timestamptz, ${after[1]})`}
    order by s.created_at desc, s.id desc limit ${page.limit}`.execute(tx);
  return rows;
}

export interface NewShare {
  readonly id: string;
  readonly assetId: string | null;
  readonly collectionId: string | null;
  readonly passwordHash: string | null;
  readonly expiresAt: string | null;
  readonly allowDownload: boolean;
}

export async function insertShare(scope: BrandScope, tx: BrandTx, made: NewShare): Promise<void> {
  await sql`
    insert into share_link (brand_id, id, asset_id, collection_id, password_hash, expires_at, allow_download, created_by)
    values (${scope.brandId}, ${made.id}, ${made.assetId}, ${made.collectionId}, ${made.passwordHash},
      ${made.expiresAt}, ${made.allowDownload}, ${scope.actor.name})`.execute(tx);
}

/** Undefined leaves a part as it is. */
export interface ShareChange {
  readonly passwordHash: string | null | undefined;
  readonly expiresAt: string | null | undefined;
  readonly allowDownload: boolean | undefined;
  readonly on: boolean | undefined;
}

export async function updateShare(
  scope: BrandScope,
  tx: BrandTx,
  { id, change }: { id: string; change: ShareChange },
): Promise<boolean> {
  const { passwordHash, expiresAt, allowDownload, on } = change;
  const parts = [
    ...(passwordHash === undefined ? [] : [sql`password_hash = ${passwordHash}, tries = 0`]),
    ...(expiresAt === undefined ? [] : [sql`expires_at = ${expiresAt}::timestamptz`]),
    ...(allowDownload === undefined ? [] : [sql`allow_download = ${allowDownload}`]),
    ...(on === undefined ? [] : [sql`revoked_at = ${on ? sql`null` : sql`coalesce(revoked_at, now())`}`]),
  ];
  if (parts.length === 0) return true;
  const { rows } = await sql`
    update share_link set ${sql.join(parts)}
    where brand_id = ${scope.brandId} and id = ${id} returning 1`.execute(tx);
  return rows.length > 0;
}

/** Counted for people; the loss of one changes nothing. */
export async function countUse(
  scope: BrandScope,
  tx: BrandTx,
  { id, what }: { id: string; what: 'views' | 'downloads' },
): Promise<void> {
  const column = sql.ref(what);
  await sql`
    update share_link set ${column} = ${column} + 1, last_used_at = now()
    where brand_id = ${scope.brandId} and id = ${id}`.execute(tx);
}

/** Counts a try before its password is looked at, so that tries at once cannot slip past; answers how many there were. */
export async function countTry(
  scope: BrandScope,
  tx: BrandTx,
  { id, now, windowMs }: { id: string; now: Date; windowMs: number },
): Promise<number> {
  const oldest = new Date(now.getTime() - windowMs);
  const { rows } = await sql<{ tries: number }>`
    update share_link set tries = case when tries = 0 or tries_since <= ${oldest} then 1 else tries + 1 end,
      tries_since = case when tries = 0 or tries_since <= ${oldest} then ${now} else tries_since end
    where brand_id = ${scope.brandId} and id = ${id} returning tries`.execute(tx);
  return rows[0]?.tries ?? Number.POSITIVE_INFINITY;
}

export async function forgetTries(scope: BrandScope, tx: BrandTx, id: string): Promise<void> {
  await sql`update share_link set tries = 0 where brand_id = ${scope.brandId} and id = ${id}`.execute(tx);
}

/** What a share link shows of an asset, and nothing more. */
export interface SharedAsset {
  readonly id: string;
  readonly name: string;
  readonly fileName: string;
  readonly mediaType: MediaType;
  readonly mime: string;
  readonly sizeBytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
  readonly transparent: boolean | null;
  readonly colour: string | null;
  readonly hasThumbnail: boolean;
  readonly hasPreview: boolean;
  /** A small copy that browsers play. */
  readonly hasProxy: boolean;
  readonly version: number;
  /** The version that its pictures show. */
  readonly pictureVersion: number;
  /** As text, to the microsecond. */
  readonly addedAt: string;
}

const shared = (
  scope: BrandScope,
) => sql`a.id, a.name, a.file_name as "fileName", a.media_type as "mediaType", a.mime,
  a.size_bytes as "sizeBytes", a.width, a.height, a.duration, a.transparent, a.colour,
  a.has_thumbnail as "hasThumbnail", a.has_preview as "hasPreview", a.current_version as "version",
  a.picture_version as "pictureVersion",
  exists (select 1 from rendition r where r.brand_id = ${scope.brandId} and r.asset_id = a.id
    and r.n = a.current_version and r.name = 'proxy') as "hasProxy"`;

export interface SharedSubject {
  readonly assetId: string | null;
  readonly collectionId: string | null;
}

/** The members of a shared collection, newest first, or the one shared asset; never anything from the trash. */
export async function listShared(
  scope: BrandScope,
  tx: BrandTx,
  page: { subject: SharedSubject; after: readonly [string, string] | undefined; limit: number },
): Promise<SharedAsset[]> {
  const { subject, after } = page;
  const keyset =
    after === undefined ? sql`true` : sql`(m.added_at, m.asset_id) < (${after[0]}::timestamptz, ${after[1]})`;
  const { rows } = await (
    subject.collectionId === null
      ? sql<SharedAsset>`
          select ${shared(scope)}, a.created_at::text as "addedAt" from asset a
          where a.brand_id = ${scope.brandId} and a.id = ${subject.assetId} and a.trashed_at is null`
      : sql<SharedAsset>`
          select ${shared(scope)}, m.added_at::text as "addedAt" from collection_member m
          join asset a on a.brand_id = ${scope.brandId} and a.id = m.asset_id and a.trashed_at is null
          where m.brand_id = ${scope.brandId} and m.collection_id = ${subject.collectionId} and ${keyset}
          order by m.added_at desc, m.asset_id desc limit ${page.limit}`
  ).execute(tx);
  return rows;
}

/** One asset, if the link shows it at this moment. */
export async function getShared(
  scope: BrandScope,
  tx: BrandTx,
  { subject, assetId }: { subject: SharedSubject; assetId: string },
): Promise<SharedAsset | undefined> {
  const shown =
    subject.collectionId === null
      ? sql`a.id = ${subject.assetId}`
      : sql`exists (select 1 from collection_member m
          where m.brand_id = ${scope.brandId} and m.collection_id = ${subject.collectionId} and m.asset_id = a.id)`;
  const { rows } = await sql<SharedAsset>`
    select ${shared(scope)}, a.created_at::text as "addedAt" from asset a
    where a.brand_id = ${scope.brandId} and a.id = ${assetId} and a.trashed_at is null and ${shown}`.execute(
    tx,
  );
  return rows[0];
}
