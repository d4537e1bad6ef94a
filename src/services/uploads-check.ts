import type { Input, Output } from '../contract/operations.ts';
import { findByDigest } from '../database/assets.ts';
import { getWorkspaceUsage } from '../database/quota.ts';
import { getWorkspace } from '../database/workspace.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { cleanFileName } from '../domain/naming.ts';
import { requireUnderCap } from '../domain/quota.ts';
import type { Plan } from '../domain/quota.ts';
import { guessType } from '../domain/type-guess.ts';
import { guessMediaType } from '../media/detect.ts';
import type { Deps } from './deps.ts';

type Answer = Output<'uploads.check'>['files'][number];

/** Asked before bytes travel: what the brand holds already, what would be refused, and whether all of it fits. */
export async function checkUploads(
  { database }: Pick<Deps, 'database'>,
  scope: BrandScope,
  input: Input<'uploads.check'>,
): Promise<Output<'uploads.check'>> {
  return database.inBrand(scope, async (tx) => {
    const { plan } = await getWorkspace(tx);
    const usage = await getWorkspaceUsage(tx);
    const files: Answer[] = [];
    let neededBytes = 0;
    for (const file of input.files) {
      const twin =
        file.sha256 === undefined
          ? undefined
          : await findByDigest(scope, tx, Buffer.from(file.sha256, 'hex'));
      const refusal = refusalOf(plan, file);
      if (twin === undefined && refusal === null) neededBytes += file.size;
      const known = twin === undefined ? null : { id: twin.id, name: twin.name };
      files.push({ known, refusal, guess: guessOf(file) });
    }
    const freeBytes = Math.max(0, usage.quotaBytes - usage.usedBytes - usage.reservedBytes);
    return { files, room: { freeBytes, neededBytes, fits: neededBytes <= freeBytes } };
  });
}

/** A name of nothing but dots is refused elsewhere; it promises nothing here. */
function guessOf(file: { name: string; folder?: string | undefined }): Answer['guess'] {
  const mediaType = guessMediaType(file.name);
  return { mediaType, type: guessType({ mediaType, fileName: file.name, folder: file.folder }) };
}

function refusalOf(plan: Plan, file: { size: number; name: string }): Answer['refusal'] {
  try {
    if (file.size === 0) throw new Failure('empty_file');
    requireUnderCap(plan, guessMediaType(cleanFileName(file.name)), file.size);
    return null;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { code: error.code, message: error.message, remedy: error.remedy ?? null };
  }
}
