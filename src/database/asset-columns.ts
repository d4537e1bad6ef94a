import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Lockable } from '../domain/asset.ts';

/** Whether whoever asks keeps the asset as a favourite; the transaction says who that is. */
export const FAVOURITE = sql`exists (select 1 from favourite f where f.brand_id = a.brand_id and f.asset_id = a.id
    and f.actor_id = current_setting('app.actor', true))`;

/** The columns of `Asset`, of the table under the alias `a`. */
export const ASSET_COLUMNS = sql`
  a.id, a.name, a.file_name as "fileName", a.type, a.media_type as "mediaType", a.source, a.status, a.state,
  a.state_reason as "stateReason", a.state_message as "stateMessage", a.description, a.scene_hint as "sceneHint", a.tags,
  a.must_include as "mustInclude", a.rating, a.product, a.campaign, a.has_people as "hasPeople", a.mime, a.size_bytes as "sizeBytes", a.total_bytes as "totalBytes",
  a.width, a.height, a.duration, a.transparent, a.colour, a.placeholder, a.current_version as "version",
  a.version_count as "versionCount", a.has_thumbnail as "hasThumbnail", a.has_preview as "hasPreview",
  a.picture_version as "pictureVersion", a.sha256,
  a.usage_count as "usageCount", a.last_used_at as "lastUsedAt", a.created_at as "createdAt", a.created_by as "createdBy",
  a.updated_at as "updatedAt", a.trashed_at as "trashedAt", a.revision, ${FAVOURITE} as favourite`;

export const FULL_COLUMNS = sql`${ASSET_COLUMNS}, a.mood, a.style, a.custom, a.facts, a.palette, a.provenance,
  a.locked`;

/**
 * Whether automatic work may write a field of `a`: nobody locked it and no person said it. Every statement that writes what
 * a file or a model says asks this.
 */
export function isOpen(field: Lockable): RawBuilder<boolean> {
  return sql<boolean>`(${field}::text <> all (a.locked)
    and coalesce(a.provenance -> ${field}::text ->> 'by', '') <> 'person')`;
}
