import { randomUUID } from 'node:crypto';
import type { UploadFields } from '../contract/uploads.ts';
import { insertArrival } from '../database/arrivals.ts';
import { findByDigest, lockAsset, lockDigest } from '../database/assets.ts';
import type { NewAsset } from '../database/assets.ts';
import { joinCollections } from '../database/collections.ts';
import { addEvent } from '../database/events.ts';
import { CommitUnknown, pgError } from '../database/transaction.ts';
import type { CommitAlong } from '../database/transaction.ts';
import type { BrandTx } from '../database/database.ts';
import { release } from '../database/quota.ts';
import { finishResumable } from '../database/uploads.ts';
import type { NewVersion } from '../database/versions.ts';
import type { BrandScope } from '../domain/access.ts';
import type { FieldOrigin, Provenance } from '../domain/asset.ts';
import { Failure } from '../domain/failures.ts';
import { differing, newTags } from '../domain/held.ts';
import { newAssetId } from '../domain/ids.ts';
import {
  TAGS_MAX,
  cleanLabel,
  cleanName,
  cleanParagraph,
  cleanTags,
  cleanText,
  nameFromFile,
} from '../domain/naming.ts';
import { guessType } from '../domain/type-guess.ts';
import { versionKey } from '../storage/keys.ts';
import { KeyTaken } from '../storage/contract.ts';
import { changeOne, readDetail } from './assets.ts';
import { presentDetail } from './present.ts';
import { commitBytes } from './arrival.ts';
import { settleRoom } from './room.ts';
import type { Accepted, UploadDeps, UploadResult } from './arrival.ts';

export interface Arrival {
  readonly accepted: Accepted;
  readonly fields: UploadFields;
  /** Answer the asset that already holds the bytes, when there is one. */
  readonly reuse: boolean;
  /** The resumable upload that brought the bytes. */
  readonly resumable: string | undefined;
}

/** An id meets a taken one about once in a million uploads at a million assets; then another is drawn. */
const ID_ATTEMPTS = 4;

export async function keepAsNewAsset(
  deps: UploadDeps,
  scope: BrandScope,
  arrival: Arrival,
): Promise<UploadResult> {
  const { staged, room } = arrival.accepted;
  for (let attempt = 1; ; attempt += 1) {
    const asset = describeArrival(scope, arrival);
    const { mediaType, ext } = arrival.accepted.detected;
    const key = versionKey({ brandId: scope.brandId, mediaType, assetId: asset.id, n: 1 }, ext);
    try {
      await commitBytes(staged, key);
      const result = await deps.database.inBrand(scope, (tx, commitAlong) =>
        write(scope, tx, { arrival, asset, key, commitAlong }),
      );
      room.settled();
      if (result.reused) await staged.withdraw(key);
      return result;
    } catch (error) {
      // With the answer to the commit lost, the row may exist: its bytes must stay, and the sweep decides later.
      if (error instanceof CommitUnknown) throw new Failure('unavailable', { cause: error });
      if (!(error instanceof KeyTaken)) await staged.withdraw(key);
      const taken = error instanceof KeyTaken || pgError(error)?.code === UNIQUE_VIOLATION;
      if (!taken || attempt === ID_ATTEMPTS) throw error;
    }
  }
}

const UNIQUE_VIOLATION = '23505';

/** The short transaction: everything about the asset, its job and its event, or nothing. */
async function write(
  scope: BrandScope,
  tx: BrandTx,
  made: { arrival: Arrival; asset: NewAsset; key: string; commitAlong: CommitAlong },
): Promise<UploadResult> {
  const { arrival, asset } = made;
  const { staged, room } = arrival.accepted;
  if (arrival.reuse) {
    const locked = lockDigest(scope, tx, staged.sha256);
    const [held] = await Promise.all([findByDigest(scope, tx, staged.sha256), locked]);
    if (held !== undefined) return answerHeld(scope, tx, { arrival, id: held.id });
  }
  const summary = `Added ${asset.name}`;
  const operation = randomUUID();
  // Sent in one go, in this order: of two that complete one upload the second waits at its row.
  const started = Promise.all([
    bindResumable(scope, tx, { arrival, id: asset.id, reused: false }),
    insertArrival(scope, tx, {
      asset,
      version: firstVersion(scope, made),
      operation: { id: operation, kind: 'uploads.add', summary, undoable: false, changed: 1 },
    }),
    joinSaid(scope, tx, { id: asset.id, fields: arrival.fields, operation }),
    settleRoom(scope, tx, room),
  ]);
  // Whoever adds to the same brand waits for the counters until the commit, so it leaves as soon as it can.
  if (arrival.resumable === undefined && arrival.fields.collection === undefined) made.commitAlong();
  const [, row, left] = await started;
  return {
    ...presentDetail(row, [], { scope, trashDays: room.plan.trashDays }),
    reused: false,
    ...(left.length === 0 ? {} : { notApplied: left }),
  };
}

function firstVersion(
  scope: BrandScope,
  made: { arrival: Arrival; asset: NewAsset; key: string },
): NewVersion {
  const { detected, declaredType, staged } = made.arrival.accepted;
  return {
    assetId: made.asset.id,
    n: 1,
    storageKey: made.key,
    sha256: staged.sha256,
    sizeBytes: staged.size,
    mime: detected.mime,
    mediaType: detected.mediaType,
    ext: detected.ext,
    fileName: made.asset.fileName,
    declaredType: declaredType.slice(0, 200),
    createdBy: scope.actor.name,
  };
}

async function answerHeld(
  scope: BrandScope,
  tx: BrandTx,
  held: { arrival: Arrival; id: string },
): Promise<UploadResult> {
  await bindResumable(scope, tx, { ...held, reused: true });
  const { reservationId } = held.arrival.accepted.room.grant;
  if (reservationId !== null) await release(scope, tx, reservationId);
  const notApplied = await hearSaid(scope, tx, { id: held.id, fields: held.arrival.fields });
  return { ...(await readDetail(scope, tx, held.id)), reused: true, notApplied };
}

/** Tags said of bytes held already are added to their asset, as an edit, where it takes so many; answers what is not. */
async function hearSaid(
  scope: BrandScope,
  tx: BrandTx,
  { id, fields }: { id: string; fields: UploadFields },
): Promise<string[]> {
  const asset = await lockAsset(scope, tx, id);
  if (asset === undefined) throw new Failure('not_found');
  const addTags = newTags(fields, asset);
  const isFull = asset.tags.length + addTags.length > TAGS_MAX;
  if (addTags.length > 0 && !isFull) {
    await changeOne(scope, tx, {
      asset,
      edit: { addTags },
      kind: 'assets.update',
      summary: `Tagged ${asset.name}`,
    });
  }
  const left = await joinSaid(scope, tx, { id, fields, operation: randomUUID() });
  return [...differing(fields, asset), ...(isFull ? ['tags'] : []), ...left];
}

/** Puts an arrival into the collections it was sent to. One that is gone meanwhile costs nobody an upload; it is said. */
async function joinSaid(
  scope: BrandScope,
  tx: BrandTx,
  { id, fields, operation }: { id: string; fields: UploadFields; operation: string },
): Promise<string[]> {
  const collections = [...new Set(fields.collection ?? [])];
  if (collections.length === 0) return [];
  const joined = await joinCollections(scope, tx, { collections, asset: id, operation });
  await addEvent(scope, tx, { kind: 'collections.changed' });
  return joined.size === collections.length ? [] : ['collection'];
}

async function bindResumable(
  scope: BrandScope,
  tx: BrandTx,
  done: { arrival: Arrival; id: string; reused: boolean },
): Promise<void> {
  const upload = done.arrival.resumable;
  if (upload === undefined) return;
  const first = await finishResumable(scope, tx, { id: upload, assetId: done.id, reused: done.reused });
  if (!first) throw new Failure('changed_meanwhile', { message: 'This upload has been completed already.' });
}

function describeArrival(scope: BrandScope, { accepted, fields }: Arrival): NewAsset {
  const { staged, detected, fileName } = accepted;
  const mediaType = fields.mediaType ?? detected.mediaType;
  const person = (value: unknown): FieldOrigin | undefined =>
    value === undefined ? undefined : { by: 'person', who: scope.actor.name, at: new Date().toISOString() };
  const computed: FieldOrigin = { by: 'file', who: 'file name', at: new Date().toISOString() };
  const provenance: Record<string, FieldOrigin | undefined> = {
    name: person(fields.title) ?? computed,
    type: person(fields.type) ?? computed,
    mediaType: person(fields.mediaType) ?? { ...computed, by: 'computed', who: 'content' },
    description: person(fields.description),
    sceneHint: person(fields.sceneHint),
    tags: person(fields.tags),
    mustInclude: person(fields.mustInclude),
    source: accepted.origin === undefined ? person(fields.source) : { ...computed, who: accepted.origin },
    product: person(fields.product),
    campaign: person(fields.campaign),
  };
  return {
    id: newAssetId(),
    name: fields.title === undefined ? nameFromFile(fileName) : cleanName(fields.title),
    fileName,
    type: fields.type ?? guessType({ mediaType, fileName, folder: fields.folder }),
    mediaType,
    source: fields.source ?? 'uploaded',
    description: cleanParagraph(fields.description ?? ''),
    sceneHint: cleanText(fields.sceneHint ?? ''),
    tags: cleanTags(fields.tags ?? []),
    mustInclude: fields.mustInclude ?? false,
    product: cleanLabel(fields.product ?? ''),
    campaign: cleanLabel(fields.campaign ?? ''),
    mime: detected.mime,
    sizeBytes: staged.size,
    sha256: staged.sha256,
    createdBy: scope.actor.name,
    provenance: JSON.parse(JSON.stringify(provenance)) as Provenance,
  };
}
