import { open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { uploadFields } from '../contract/uploads.ts';
import type { UploadFields } from '../contract/uploads.ts';
import { prolong, release } from '../database/quota.ts';
import {
  deleteResumable,
  getResumable,
  insertResumable,
  staleResumables,
  touchResumable,
} from '../database/uploads.ts';
import type { ResumableRow } from '../database/uploads.ts';
import { getWorkspace } from '../database/workspace.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { newToken } from '../domain/ids.ts';
import { cleanFileName } from '../domain/naming.ts';
import { grantQuota, requireUnderCap } from '../domain/quota.ts';
import type { Plan } from '../domain/quota.ts';
import { detect, guessMediaType } from '../media/detect.ts';
import { readDetail } from './assets.ts';
import { asFailure } from './arrival.ts';
import type { UploadDeps, UploadResult } from './arrival.ts';
import { take } from './room.ts';
import type { Room } from './room.ts';
import { keep } from './uploads.ts';

/** An unfinished upload waits this long for its sender; then its bytes and its room are freed. */
export const RESUMABLE_HOURS = 24;
const HOLD_SECONDS = RESUMABLE_HOURS * 3600;
const HEAD_BYTES = 64 * 1024;

/** Opens a resumable upload: the length is known, so caps and room are settled before the first byte. */
export async function beginResumable(
  deps: UploadDeps,
  scope: BrandScope,
  begin: { id: string; length: number; metadata: Readonly<Record<string, string | null>> },
): Promise<void> {
  const { id, length } = begin;
  if (length === 0) throw new Failure('empty_file');
  const fields = fieldsOf(begin.metadata);
  const fileName = cleanFileName(fields.name ?? 'untitled');
  const reservationId = newToken();
  const plan = await take(deps, scope, { id: reservationId, bytes: length, seconds: HOLD_SECONDS });
  try {
    requireUnderCap(plan, fields.mediaType ?? guessMediaType(fileName), length);
    await deps.database.inBrand(scope, (tx) =>
      insertResumable(scope, tx, { id, lengthBytes: length, fields, reservationId }),
    );
  } catch (error) {
    await deps.database.inBrand(scope, (tx) => release(scope, tx, reservationId));
    throw error;
  }
}

/** tus metadata are texts; lists come with commas, switches as true or false. */
function fieldsOf(metadata: Readonly<Record<string, string | null>>): UploadFields {
  const text = (key: string) => {
    const value = metadata[key];
    return value === undefined || value === null || value === '' ? undefined : value;
  };
  const list = (key: string) =>
    text(key)
      ?.split(',')
      .filter((item) => item.trim() !== '');
  const raw = {
    name: text('filename') ?? text('name'),
    folder: text('folder'),
    title: text('title'),
    type: text('type'),
    mediaType: text('mediaType'),
    source: text('source'),
    description: text('description'),
    sceneHint: text('sceneHint'),
    product: text('product'),
    campaign: text('campaign'),
    onDuplicate: text('onDuplicate'),
    tags: list('tags'),
    collection: list('collection'),
    mustInclude: text('mustInclude') === 'true' ? true : undefined,
  };
  const result = uploadFields.safeParse(
    Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined)),
  );
  if (result.success) return result.data;
  throw new Failure('invalid_input', {
    details: result.error.issues.map(({ path: at, message }) => ({ path: at.join('.'), message })),
  });
}

/** The upload of this brand, its time prolonged; absent and foreign ones answer alike. */
export async function visitResumable(deps: UploadDeps, scope: BrandScope, id: string): Promise<ResumableRow> {
  return deps.database.inBrand(scope, async (tx) => {
    const row = await getResumable(scope, tx, id);
    if (row === undefined) throw new Failure('not_found');
    await touchResumable(scope, tx, id);
    await prolong(scope, tx, { id: row.reservationId, seconds: HOLD_SECONDS });
    return row;
  });
}

/**
 * Bytes received so far; the file is the only truth. It goes when the upload is completed, so where there is none the
 * row is read again: whoever asks at that moment must not be told to begin anew.
 */
export async function receivedBytes(deps: UploadDeps, scope: BrandScope, row: ResumableRow): Promise<number> {
  if (row.assetId !== null) return row.lengthBytes;
  const found = await stat(path.join(deps.store.resumableDir, row.id)).catch(() => null);
  if (found !== null) return found.size;
  const now = await deps.database.inBrand(scope, (tx) => getResumable(scope, tx, row.id));
  return now === undefined || now.assetId === null ? 0 : row.lengthBytes;
}

/**
 * Turns a fully received upload into an asset. Safe to call again after a crash at any point: the transaction that
 * makes the asset also names it on the upload.
 */
export async function completeResumable(
  deps: UploadDeps,
  scope: BrandScope,
  id: string,
): Promise<UploadResult> {
  const row = await visitResumable(deps, scope, id);
  if (row.assetId !== null) return answerDone(deps, scope, row);
  const fields = uploadFields.parse(row.fields);
  const fileName = cleanFileName(fields.name ?? 'untitled');
  const file = path.join(deps.store.resumableDir, id);
  const { plan } = await getWorkspace(deps.database.workspace);
  try {
    await keepRoom(deps, scope, row);
    const detected = await detect(await readHead(file), fileName, row.lengthBytes);
    requireUnderCap(plan, detected.mediaType, row.lengthBytes);
    const staged = await deps.store.adopt(file, new AbortController().signal);
    if (staged.size !== row.lengthBytes) throw new Failure('length_mismatch');
    const accepted = { staged, detected, fileName, declaredType: '', room: heldRoom(row, plan) };
    const result = await keep(deps, scope, { accepted, fields, resumable: id });
    await removeFiles(deps, id);
    return result;
  } catch (error) {
    // Another attempt may have completed it meanwhile and taken its file away.
    const now = await visitResumable(deps, scope, id);
    if (now.assetId !== null) {
      await deps.database.inBrand(scope, (tx) => release(scope, tx, row.reservationId));
      return answerDone(deps, scope, now);
    }
    const failure = asFailure(error, new AbortController().signal);
    if (failure instanceof Failure && FINAL.has(failure.code)) await dropResumable(deps, scope, row);
    throw failure;
  }
}

/** Room that ran out while nobody came is taken again, or the upload waits until there is some. */
async function keepRoom(deps: UploadDeps, scope: BrandScope, row: ResumableRow): Promise<void> {
  const room = { id: row.reservationId, bytes: row.lengthBytes, seconds: HOLD_SECONDS };
  const held = await deps.database.inBrand(scope, (tx) => prolong(scope, tx, room));
  if (!held) await take(deps, scope, room);
}

/** Refusals that no retry can change; the bytes are given up at once. */
const FINAL: ReadonlySet<string> = new Set([
  'over_cap',
  'length_mismatch',
  'empty_file',
  'bad_name',
  'invalid_input',
]);

async function answerDone(deps: UploadDeps, scope: BrandScope, row: ResumableRow): Promise<UploadResult> {
  const detail = await deps.database.inBrand(scope, (tx) => readDetail(scope, tx, row.assetId ?? ''));
  return { ...detail, reused: row.reused };
}

/** The room was taken when the upload began and is settled by the transaction that makes the asset. */
function heldRoom(row: ResumableRow, plan: Plan): Room {
  return {
    grant: grantQuota(row.reservationId, row.lengthBytes),
    plan,
    cover: () => undefined,
    settled: () => undefined,
    release: () => Promise.resolve(),
  };
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Gives an upload up. Its bytes go first: a crash in between leaves a row that the sweep finds, never a lost file. */
export async function dropResumable(deps: UploadDeps, scope: BrandScope, row: ResumableRow): Promise<void> {
  await removeFiles(deps, row.id);
  await deps.database.inBrand(scope, async (tx) => {
    await deleteResumable(scope, tx, row.id);
    await release(scope, tx, row.reservationId);
  });
}

/** Uploads that nobody came back for (part of the sweep); dropping one twice is harmless. */
export async function sweepResumables(deps: UploadDeps, scope: BrandScope): Promise<number> {
  const rows = await deps.database.inBrand(scope, (tx) => staleResumables(scope, tx, RESUMABLE_HOURS));
  for (const row of rows) await dropResumable(deps, scope, row);
  return rows.length;
}

async function removeFiles(deps: UploadDeps, id: string): Promise<void> {
  await rm(path.join(deps.store.resumableDir, id), { force: true });
  await rm(path.join(deps.store.resumableDir, `${id}.json`), { force: true });
}
