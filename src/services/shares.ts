import { randomBytes, scrypt } from 'node:crypto';
import type { Input, Output } from '../contract/operations.ts';
import { getAsset } from '../database/assets.ts';
import { lockCollection } from '../database/collections.ts';
import type { BrandTx } from '../database/database.ts';
import { addOperation } from '../database/operations.ts';
import { getShare, insertShare, listShares as selectShares, updateShare } from '../database/shares.ts';
import type { ShareRow } from '../database/shares.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { newToken } from '../domain/ids.ts';
import { shareState } from '../domain/shares.ts';
import { decodeTimeCursor, encodeCursor } from './cursor.ts';
import type { Deps } from './deps.ts';

type Share = Output<'shares.create'>;
type ShareDeps = Pick<Deps, 'database' | 'signer' | 'publicUrl'>;

const ID_BYTES = 9;
const MAC_BYTES = 16;
const UUID_BYTES = 16;
const PAGE = 100;

/**
 * The address of a link proves itself: brand, link and a signature over both. It is derived anew whenever it is shown,
 * so an owner can copy it again, and no row holds anything that opens the link. Whoever guesses is refused before the
 * database is asked. With another signing key every address becomes another.
 */
export function shareToken(signer: Deps['signer'], brandId: string, id: string): string {
  const brand = Buffer.from(brandId.replaceAll('-', ''), 'hex');
  return Buffer.concat([brand, Buffer.from(id, 'base64url'), macOf(signer, brandId, id)]).toString(
    'base64url',
  );
}

function macOf(signer: Deps['signer'], brandId: string, id: string): Buffer {
  return signer.mac('share-v1', `${brandId}\n${id}`).subarray(0, MAC_BYTES);
}

/** What a token names; null when it was altered or made up. */
export function readToken(signer: Deps['signer'], token: string): { brandId: string; id: string } | null {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== UUID_BYTES + ID_BYTES + MAC_BYTES) return null;
  const hex = bytes.subarray(0, UUID_BYTES).toString('hex');
  const brandId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const id = bytes.subarray(UUID_BYTES, UUID_BYTES + ID_BYTES).toString('base64url');
  const isOurs = signer.equal(bytes.subarray(UUID_BYTES + ID_BYTES), macOf(signer, brandId, id));
  // Decoding forgives stray characters; one spelling is the address.
  return isOurs && bytes.toString('base64url') === token ? { brandId, id } : null;
}

/** 32 MiB and about a tenth of a second for each guess. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 };
const HASH_BYTES = 32;

export async function hashPassword(password: string, salt = randomBytes(16)): Promise<string> {
  const hash = await new Promise<Buffer>((resolve, reject) =>
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, COST, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );
  return `${salt.toString('base64url')}.${hash.toString('base64url')}`;
}

export async function createShare(
  deps: ShareDeps,
  scope: BrandScope,
  input: Input<'shares.create'>,
): Promise<Share> {
  const { asset, collection } = input;
  if ((asset === undefined) === (collection === undefined)) {
    throw new Failure('invalid_input', {
      message: 'A share link shows one asset or one collection.',
      details: { field: 'asset' },
    });
  }
  requireFuture(input.expiresAt);
  const id = newToken(ID_BYTES);
  const passwordHash = typeof input.password === 'string' ? await hashPassword(input.password) : null;
  return deps.database.inBrand(scope, async (tx) => {
    await requireSubject(scope, tx, { asset, collection });
    await insertShare(scope, tx, {
      id,
      assetId: asset ?? null,
      collectionId: collection ?? null,
      passwordHash,
      expiresAt: input.expiresAt ?? null,
      allowDownload: input.allowDownload ?? false,
    });
    const made = await read(scope, tx, id);
    await journal(scope, tx, { kind: 'shares.create', summary: `Shared ${made.name} by a link` });
    return present(deps, scope, made);
  });
}

async function requireSubject(
  scope: BrandScope,
  tx: BrandTx,
  { asset, collection }: { asset: string | undefined; collection: string | undefined },
): Promise<void> {
  if (asset !== undefined) {
    const found = await getAsset(scope, tx, asset);
    if (found === undefined) throw new Failure('not_found');
    if (found.trashedAt !== null) throw new Failure('in_trash');
  }
  if (collection !== undefined && (await lockCollection(scope, tx, collection)) === undefined) {
    throw new Failure('not_found');
  }
}

function requireFuture(expiresAt: string | null | undefined): void {
  if (typeof expiresAt !== 'string' || Date.parse(expiresAt) > Date.now()) return;
  throw new Failure('invalid_input', {
    message: 'The link would have expired already.',
    remedy: 'Choose a time in the future, or turn the link off.',
    details: { field: 'expiresAt' },
  });
}

export async function listShares(
  deps: ShareDeps,
  scope: BrandScope,
  input: Input<'shares.list'>,
): Promise<Output<'shares.list'>> {
  const limit = input.limit ?? PAGE;
  const after = decodeTimeCursor(input.after);
  const { asset, collection } = input;
  const rows = await deps.database.inBrand(scope, async (tx) => {
    if (asset !== undefined && (await getAsset(scope, tx, asset)) === undefined) {
      throw new Failure('not_found');
    }
    return selectShares(scope, tx, { asset, collection, after, limit });
  });
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    items: rows.map((row) => present(deps, scope, row)),
    next: last === undefined ? null : encodeCursor(last.createdAt, last.id),
  };
}

export async function updateShareLink(
  deps: ShareDeps,
  scope: BrandScope,
  input: Input<'shares.update'>,
): Promise<Share> {
  requireFuture(input.expiresAt);
  const passwordHash =
    typeof input.password === 'string' ? await hashPassword(input.password) : input.password;
  const { id, expiresAt, allowDownload, on } = input;
  return deps.database.inBrand(scope, async (tx) => {
    const change = { passwordHash, expiresAt, allowDownload, on };
    if (!(await updateShare(scope, tx, { id, change }))) throw new Failure('not_found');
    const changed = await read(scope, tx, id);
    const turned = on === undefined ? 'Changed' : on ? 'Turned on' : 'Turned off';
    await journal(scope, tx, {
      kind: on === false ? 'shares.revoke' : 'shares.update',
      summary: `${turned} a share link of ${changed.name}`,
    });
    return present(deps, scope, changed);
  });
}

export function revokeShare(deps: ShareDeps, scope: BrandScope, input: { id: string }): Promise<Share> {
  return updateShareLink(deps, scope, { b: scope.brandId, id: input.id, on: false });
}

async function read(scope: BrandScope, tx: BrandTx, id: string): Promise<ShareRow> {
  const row = await getShare(scope, tx, id);
  if (row === undefined) throw new Failure('not_found');
  return row;
}

/** Handing something out is part of what happened in a brand; who did it can be read later. */
async function journal(
  scope: BrandScope,
  tx: BrandTx,
  step: { kind: string; summary: string },
): Promise<void> {
  await addOperation(scope, tx, { ...step, undoable: false });
}

function present({ signer, publicUrl }: ShareDeps, scope: BrandScope, row: ShareRow): Share {
  return {
    id: row.id,
    url: `${publicUrl()}/s/${shareToken(signer, scope.brandId, row.id)}`,
    kind: row.collectionId === null ? 'asset' : 'collection',
    subject: row.collectionId ?? row.assetId ?? '',
    name: row.name,
    state: shareState(row, new Date()),
    hasPassword: row.passwordHash !== null,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    allowDownload: row.allowDownload,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    views: row.views,
    downloads: row.downloads,
  };
}
