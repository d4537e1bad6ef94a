import type { Input, Output } from '../contract/operations.ts';
import { getBrandUsage, getWorkspaceUsage, release } from '../database/quota.ts';
import { getWorkspace, listBrands } from '../database/workspace.ts';
import { enterBrand } from '../domain/access.ts';
import type { Actor } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { newToken } from '../domain/ids.ts';
import { RED_PERCENT, WARN_PERCENT } from '../domain/quota.ts';
import type { Deps } from './deps.ts';
import { take } from './room.ts';

type Db = Pick<Deps, 'database'>;

/** One total for the workspace; details only of the brands that the caller may enter. */
export async function getStorage({ database }: Db, actor: Actor): Promise<Output<'storage.get'>> {
  const { plan } = await getWorkspace(database.workspace);
  const usage = await getWorkspaceUsage(database.workspace);
  const mine = (await listBrands(database.workspace)).filter(
    (brand) => actor.brandId === null || actor.brandId === brand.id,
  );
  const brands = [];
  const segments = new Map<string, { bytes: number; count: number }>();
  for (const brand of mine) {
    const scope = enterBrand(actor, brand, 'read');
    const own = await database.inBrand(scope, (tx) => getBrandUsage(scope, tx));
    brands.push({ slug: brand.slug, name: brand.name, own });
    for (const segment of own.segments) {
      const sum = segments.get(segment.mediaType) ?? { bytes: 0, count: 0 };
      segments.set(segment.mediaType, { bytes: sum.bytes + segment.bytes, count: sum.count + segment.count });
    }
  }
  const percent = plan.quotaBytes === 0 ? 100 : Math.round((usage.usedBytes / plan.quotaBytes) * 1000) / 10;
  return {
    usedBytes: usage.usedBytes,
    reservedBytes: usage.reservedBytes,
    limitBytes: plan.quotaBytes,
    percent,
    level: percent >= RED_PERCENT ? 'red' : percent >= WARN_PERCENT ? 'warn' : 'ok',
    count: brands.reduce((sum, brand) => sum + brand.own.liveCount, 0),
    segments: [...segments]
      .map(([mediaType, sum]) => ({
        mediaType: mediaType as Output<'storage.get'>['segments'][number]['mediaType'],
        ...sum,
      }))
      .toSorted((a, b) => b.bytes - a.bytes),
    trash: {
      bytes: brands.reduce((sum, brand) => sum + brand.own.trashBytes, 0),
      count: brands.reduce((sum, brand) => sum + brand.own.trashCount, 0),
      keepDays: plan.trashDays,
    },
    caps: { ...plan.capBytes },
    brands: brands.map(({ slug, name, own }) => ({
      slug,
      name,
      usedBytes: own.liveBytes + own.trashBytes,
      trashBytes: own.trashBytes,
      count: own.liveCount,
    })),
  };
}

const DEFAULT_HOLD_SECONDS = 3600;

/** Asks for room ahead of a batch and holds it; "no" comes with figures and holds nothing. */
export async function checkStorage(
  deps: Db,
  actor: Actor,
  input: Input<'storage.check'>,
): Promise<Output<'storage.check'>> {
  const scope = await enterOnly(deps, actor, input.b);
  const seconds = input.expiresIn ?? DEFAULT_HOLD_SECONDS;
  const id = newToken();
  try {
    await take(deps, scope, { id, bytes: input.bytes, seconds });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'over_quota') throw error;
    const { usedBytes, reservedBytes, quotaBytes } = await getWorkspaceUsage(deps.database.workspace);
    return {
      fits: false,
      reservation: null,
      expiresAt: null,
      freeBytes: Math.max(0, quotaBytes - usedBytes - reservedBytes),
      missingBytes: Math.max(0, usedBytes + reservedBytes + input.bytes - quotaBytes),
      message: `${error.message} ${error.remedy ?? ''}`.trim(),
    };
  }
  return {
    fits: true,
    reservation: `${scope.brandId}.${id}`,
    expiresAt: new Date(Date.now() + seconds * 1000).toISOString(),
    freeBytes: await freeBytes(deps),
    missingBytes: 0,
    message: null,
  };
}

export async function releaseStorage(
  { database }: Db,
  actor: Actor,
  input: { id: string },
): Promise<Output<'storage.release'>> {
  const [brandId = '', id = ''] = input.id.split('.');
  const brand = (await listBrands(database.workspace)).find((candidate) => candidate.id === brandId);
  const scope = enterBrand(actor, brand, 'write');
  const releasedBytes = await database.inBrand(scope, (tx) => release(scope, tx, id));
  if (releasedBytes === 0) throw new Failure('not_found');
  return { releasedBytes };
}

async function enterOnly({ database }: Db, actor: Actor, asked: string | undefined) {
  const brands = await listBrands(database.workspace);
  const wanted = asked ?? actor.brandId;
  const brand = wanted === null ? brands[0] : brands.find((one) => one.id === wanted || one.slug === wanted);
  return enterBrand(actor, brand, 'write');
}

async function freeBytes({ database }: Db): Promise<number> {
  const usage = await getWorkspaceUsage(database.workspace);
  return Math.max(0, usage.quotaBytes - usage.usedBytes - usage.reservedBytes);
}
