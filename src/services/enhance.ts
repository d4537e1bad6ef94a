import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Input, Output } from '../contract/operations.ts';
import { getVersion } from '../database/versions.ts';
import type { Version } from '../database/versions.ts';
import type { BrandScope } from '../domain/access.ts';
import { CUT_TOLERANCE } from '../domain/enhance.ts';
import type { CutWish } from '../domain/enhance.ts';
import { Failure } from '../domain/failures.ts';
import type { Description, MadeRendition } from '../media/contract.ts';
import { withTempDir } from '../platform/temp-dir.ts';
import { readDetail } from './assets.ts';
import type { Deps } from './deps.ts';
import { addVersion } from './new-version.ts';
import { withAccepted } from './uploads.ts';

type EnhanceDeps = Pick<Deps, 'database' | 'store' | 'decoder' | 'log'>;

/** Why the built-in engine gives up, and what would help. */
const REFUSALS: Readonly<Record<string, string>> = {
  background_mixed:
    'The background is not of one colour, and the built-in engine removes no other. This needs an image model, or a file that was exported with transparency.',
  background_clear: 'This picture has no background: its border is transparent already.',
  background_blank: 'Nothing would be left: the whole picture is of one colour.',
  too_large: 'This picture is too large for the built-in engine, which takes up to 24 megapixels.',
};

/** A new version by the engine built in. Nothing is written before the picture is made, and the original stays. */
export async function enhanceAsset(
  deps: EnhanceDeps,
  scope: BrandScope,
  input: Input<'assets.enhance'>,
): Promise<Output<'assets.enhance'>> {
  const { id, inside = false, tolerance = CUT_TOLERANCE.usual } = input;
  const version = await deps.database.inBrand(scope, (tx) =>
    getVersion(scope, tx, { assetId: id, n: undefined }),
  );
  if (version === undefined) throw new Failure('not_found');
  if (version.trashed) throw new Failure('in_trash');
  if (!version.mime.startsWith('image/')) {
    throw new Failure('cannot_enhance', { message: 'Only pictures have a background to remove.' });
  }
  await withTempDir('backlot-enhance', async (scratch) => {
    const found = await make(deps, { version, cut: { inside, tolerance } }, scratch);
    const made = found.renditions.find(({ name }) => name === 'enhanced');
    if (made === undefined) {
      const message = REFUSALS[found.reason ?? ''] ?? found.message;
      throw new Failure('cannot_enhance', message === undefined ? {} : { message });
    }
    await keep(deps, scope, { version, made, uniformity: found.facts.more?.['uniformity'] });
  });
  return deps.database.inBrand(scope, (tx) => readDetail(scope, tx, id));
}

async function make(
  deps: EnhanceDeps,
  { version, cut }: { version: Version; cut: CutWish },
  scratch: string,
): Promise<Description> {
  const { mime, ext, mediaType, sizeBytes: size } = version;
  const file = await deps.store.localFile(version.storageKey);
  try {
    const source = { path: file.path, size, detected: { mime, ext, mediaType } };
    const { signal } = new AbortController();
    return await deps.decoder.describeInSteps({ source, scratch, signal, make: 'background', cut });
  } finally {
    await file.release();
  }
}

async function keep(
  deps: EnhanceDeps,
  scope: BrandScope,
  of: { version: Version & { name: string }; made: MadeRendition; uniformity: unknown },
): Promise<void> {
  const { version, made, uniformity } = of;
  const { size } = await stat(made.path);
  const stem = version.fileName.replace(/\.[^.]*$/, '');
  const body = createReadStream(made.path);
  const offer = {
    fields: { name: `${stem}-no-background.png` },
    body,
    length: size,
    sha256: null,
    declaredType: made.mime,
    signal: new AbortController().signal,
  };
  try {
    await withAccepted(deps, scope, {
      offer,
      use: (accepted) =>
        addVersion(deps, scope, {
          assetId: version.assetId,
          accepted,
          step: {
            kind: 'assets.enhance',
            summary: `Removed the background of ${version.name}`,
            madeBy: `Background removed by the engine built in, free of charge; border uniform by ${String(uniformity)}`,
          },
        }),
    });
  } finally {
    body.destroy();
  }
}
