import type { Input, Output } from '../contract/operations.ts';
import { API_BASE } from '../contract/routes.ts';
import { ZIP_FILES_MAX } from '../contract/zips.ts';
import {
  countTry,
  countUse,
  forgetTries,
  getShare,
  getShared,
  listShared as selectShared,
} from '../database/shares.ts';
import type { ShareRow, SharedAsset } from '../database/shares.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { OPEN_SECONDS, TRIES_PER_LINK, TRY_WINDOW_MS, shareState } from '../domain/shares.ts';
import { decodeTimeCursor, encodeCursor } from './cursor.ts';
import type { Deps } from './deps.ts';
import { openFile } from './files.ts';
import type { OpenFile } from './files.ts';
import { hashPassword, readToken } from './shares.ts';

type DoorDeps = Pick<Deps, 'database' | 'signer'>;

/** What somebody who follows a link brings along. */
export interface Visit {
  readonly token: string;
  /** Of the cookie that a right password set. */
  readonly proof: string | undefined;
  readonly now: Date;
}

/** Proof that a link is open to this visitor at this moment. Only `openShare` makes one. */
export interface OpenShare {
  readonly scope: BrandScope;
  readonly share: ShareRow;
  readonly token: string;
}

/**
 * Looks at a link anew for every request, the ones for pictures as well: what was turned off, has expired or was trashed
 * is closed from then on. Unknown, altered, closed and foreign ones answer alike, without a name.
 */
export async function openShare(deps: DoorDeps, visit: Visit): Promise<OpenShare> {
  const open = await findShare(deps, visit);
  const { passwordHash } = open.share;
  if (passwordHash !== null && !isProved(deps, open, visit)) throw new Failure('share_locked');
  return open;
}

async function findShare({ database, signer }: DoorDeps, { token, now }: Visit): Promise<OpenShare> {
  const named = readToken(signer, token);
  if (named === null) throw new Failure('share_gone');
  const scope = enterBrandAsSystem(named.brandId);
  const share = await database.inBrand(scope, (tx) => getShare(scope, tx, named.id));
  if (share === undefined || shareState(share, now) !== 'open') throw new Failure('share_gone');
  return { scope, share, token };
}

/** The password's own hash is part of what is signed, so another password closes the link to all. */
function proofOf({ signer }: DoorDeps, { scope, share }: OpenShare, until: number): string {
  const payload = [scope.brandId, share.id, share.passwordHash, until].join('\n');
  return `${until}.${signer.mac('share-open-v1', payload).toString('base64url')}`;
}

function isProved(deps: DoorDeps, open: OpenShare, { proof, now }: Visit): boolean {
  const until = Number(/^(\d{1,12})\./.exec(proof ?? '')?.[1]);
  if (proof === undefined || !(until * 1000 > now.getTime())) return false;
  return deps.signer.equal(Buffer.from(proof), Buffer.from(proofOf(deps, open, until)));
}

/** Trades the right password for a proof. Every try is counted before it is looked at. */
export async function unlockShare(
  deps: DoorDeps,
  visit: Visit,
  password: string,
): Promise<{ proof: string; seconds: number; id: string }> {
  const open = await findShare(deps, visit);
  const { scope, share } = open;
  const { now } = visit;
  if (share.passwordHash !== null) {
    const tries = await deps.database.inBrand(scope, (tx) =>
      countTry(scope, tx, { id: share.id, now, windowMs: TRY_WINDOW_MS }),
    );
    if (tries > TRIES_PER_LINK) throw new Failure('too_many_tries');
    const salt = Buffer.from(share.passwordHash.split('.')[0] ?? '', 'base64url');
    const typed = await hashPassword(password, salt);
    if (!deps.signer.equal(Buffer.from(typed), Buffer.from(share.passwordHash))) {
      throw new Failure('wrong_password');
    }
    await deps.database.inBrand(scope, (tx) => forgetTries(scope, tx, share.id));
  }
  const until = Math.floor(now.getTime() / 1000) + OPEN_SECONDS;
  return { proof: proofOf(deps, open, until), seconds: OPEN_SECONDS, id: share.id };
}

/** What stands at the head of the page; opening it is a view. */
export async function describeShare(deps: DoorDeps, open: OpenShare): Promise<Output<'shared.get'>> {
  const { scope, share } = open;
  await deps.database.inBrand(scope, (tx) => countUse(scope, tx, { id: share.id, what: 'views' }));
  return {
    kind: share.collectionId === null ? 'asset' : 'collection',
    name: share.name,
    description: share.description,
    count: share.count,
    allowDownload: share.allowDownload,
    zip: zipOf(open),
    expiresAt: share.expiresAt?.toISOString() ?? null,
  };
}

/** Where everything is had at once; null where it is not handed out or is too much for one archive. */
function zipOf({ token, share }: OpenShare): string | null {
  const { allowDownload, collectionId, count } = share;
  if (!allowDownload || collectionId === null || count === 0 || count > ZIP_FILES_MAX) return null;
  return `${API_BASE}/shared/${token}/zip`;
}

const PAGE = 100;

export async function listShared(
  { database }: DoorDeps,
  open: OpenShare,
  input: Input<'shared.list'>,
): Promise<Output<'shared.list'>> {
  const limit = input.limit ?? PAGE;
  const after = decodeTimeCursor(input.after);
  const { scope, share } = open;
  const rows = await database.inBrand(scope, (tx) =>
    selectShared(scope, tx, { subject: share, after, limit }),
  );
  const last = share.collectionId !== null && rows.length === limit ? rows.at(-1) : undefined;
  return {
    items: rows.map((row) => presentItem(open, row)),
    next: last === undefined ? null : encodeCursor(last.addedAt, last.id),
  };
}

/** Small pictures have no larger rendition. An original may hold a place or a camera, so it goes out by leave only. */
function showsOriginal(share: ShareRow, { hasPreview, mime }: SharedAsset): boolean {
  return !hasPreview && share.allowDownload && SHOWN.test(mime);
}

const SHOWN = /^image\/(png|jpeg|gif|webp|avif)$/;
const PLAYED = /^(video|audio)\//;

/** What a player gets: the small copy, or by leave the original, for the reason above. */
function playedOf(share: ShareRow, { mime, hasProxy }: SharedAsset): 'proxy' | 'original' | null {
  if (!PLAYED.test(mime)) return null;
  if (hasProxy) return 'proxy';
  return share.allowDownload ? 'original' : null;
}

function presentItem({ token, share }: OpenShare, row: SharedAsset): Output<'shared.list'>['items'][number] {
  const base = `${API_BASE}/shared/${token}/items/${row.id}`;
  // Bytes of a version never change; its number in the address lets pages notice a newer one.
  const at = (what: string, version = row.version) => `${base}/${what}?v=${version}`;
  const showsFile = showsOriginal(share, row);
  return {
    id: row.id,
    name: row.name,
    fileName: row.fileName,
    mediaType: row.mediaType,
    mime: row.mime,
    size: row.sizeBytes,
    width: row.width,
    height: row.height,
    duration: row.duration,
    transparent: row.transparent,
    colour: row.colour,
    thumbnail: row.hasThumbnail ? at('thumbnail', row.pictureVersion) : null,
    preview: row.hasPreview ? at('preview', row.pictureVersion) : showsFile ? at('preview') : null,
    play: playedOf(share, row) === null ? null : at('play'),
    file: share.allowDownload ? at('file') : null,
  };
}

type SharedWhat = 'thumbnail' | 'preview' | 'play' | 'file';

/** Bytes of an asset that the link shows at this moment, always of the latest version. */
export async function openShared(
  deps: DoorDeps & Pick<Deps, 'store' | 'log'>,
  open: OpenShare,
  wanted: { assetId: string; what: SharedWhat },
): Promise<OpenFile> {
  const { scope, share } = open;
  const { assetId, what } = wanted;
  const found = await deps.database.inBrand(scope, (tx) => getShared(scope, tx, { subject: share, assetId }));
  if (found === undefined) throw new Failure('share_gone');
  const rendition = renditionOf(share, found, what);
  return openFile(deps, scope, { assetId, version: undefined, rendition });
}

/** The name of a rendition, or null for the original: the one place that decides whether it may leave. */
function renditionOf(share: ShareRow, found: SharedAsset, what: SharedWhat): string | null {
  if (what === 'thumbnail') return what;
  if (what === 'preview') return showsOriginal(share, found) ? null : what;
  if (what === 'play') {
    if (!PLAYED.test(found.mime)) throw new Failure('share_gone');
    const played = playedOf(share, found);
    if (played !== null) return played === 'proxy' ? played : null;
  }
  if (!share.allowDownload) throw new Failure('no_download');
  return null;
}

export async function countDownload({ database }: DoorDeps, { scope, share }: OpenShare): Promise<void> {
  await database.inBrand(scope, (tx) => countUse(scope, tx, { id: share.id, what: 'downloads' }), {
    relaxed: true,
  });
}
