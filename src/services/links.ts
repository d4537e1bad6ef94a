import type { Input, Output } from '../contract/operations.ts';
import { API_BASE } from '../contract/routes.ts';
import { getRendition, getVersion } from '../database/versions.ts';
import type { BrandScope } from '../domain/access.ts';
import { enterBrandAsSystem, requireVerb } from '../domain/access.ts';
import { isOffered, parseSpec, specOf, specText } from '../domain/delivery.ts';
import { Failure } from '../domain/failures.ts';
import { roundExpiry } from '../storage/signing.ts';
import { findPicture } from './deliver.ts';
import type { FoundPicture } from './deliver.ts';
import type { Deps } from './deps.ts';
import { openFile } from './files.ts';
import type { OpenFile } from './files.ts';

const DEFAULT_SECONDS = 900;
/** Stands before a picture where a link names a rendition; no name of a rendition begins so. */
const PICTURE = '@';

/** A link that opens one file without a credential until it expires; nothing in the trash gets a new one. */
export async function linkFile(
  deps: Pick<Deps, 'database' | 'signer' | 'publicUrl' | 'pictures'>,
  scope: BrandScope,
  input: Input<'files.link'>,
): Promise<Output<'files.link'>> {
  const picture = pictureOf(deps, scope, input);
  const rendition = input.rendition ?? '';
  const version = await deps.database.inBrand(scope, async (tx) => {
    const found = await getVersion(scope, tx, { assetId: input.id, n: input.version });
    if (found === undefined) throw new Failure('not_found');
    if (found.trashed) throw new Failure('in_trash');
    if (rendition !== '') {
      const made = await getRendition(scope, tx, { assetId: input.id, n: found.n, name: rendition });
      if (made === undefined) throw new Failure('not_found');
    }
    return found.n;
  });
  const expires = roundExpiry(Math.floor(Date.now() / 1000), input.expiresIn ?? DEFAULT_SECONDS);
  const token = deps.signer.sign({
    brandId: scope.brandId,
    assetId: input.id,
    version,
    rendition: picture ?? rendition,
    download: input.download ?? false,
    expires,
  });
  return {
    url: `${deps.publicUrl()}${API_BASE}/links/${token}`,
    expiresAt: new Date(expires * 1000).toISOString(),
  };
}

/** Every size that is not on offer is work that anybody with the link can cause, so who signs it must be able to edit. */
function pictureOf(
  { pictures }: Pick<Deps, 'pictures'>,
  scope: BrandScope,
  { w, h, fit, format, quality, rendition }: Input<'files.link'>,
): string | null {
  const wish = { w, h, fit, format, quality };
  if (Object.values(wish).every((part) => part === undefined)) return null;
  if (rendition !== undefined) {
    throw new Failure('invalid_input', { message: 'rendition: A picture is made from the file itself' });
  }
  const spec = specOf(wish);
  if (!isOffered(spec, pictures.sizes)) requireVerb(scope.actor, 'write');
  return `${PICTURE}${specText(spec)}`;
}

export type Signed = { readonly download: boolean } & (
  | { readonly file: OpenFile }
  | { readonly picture: FoundPicture }
);

/** What a signed link opens; the signature stands in for the permission that was checked when it was made. */
export async function openSigned(
  deps: Pick<Deps, 'database' | 'store' | 'log' | 'signer' | 'decoder' | 'pictures'>,
  token: string,
): Promise<Signed> {
  const claim = deps.signer.open(token, Math.floor(Date.now() / 1000));
  if (claim === null) throw new Failure('link_expired');
  const { assetId, version, rendition, download } = claim;
  const scope = enterBrandAsSystem(claim.brandId);
  if (!rendition.startsWith(PICTURE)) {
    // Who signed in still sees what is in the trash; a link that was passed on ends with it.
    const found = await deps.database.inBrand(scope, (tx) => getVersion(scope, tx, { assetId, n: version }));
    if (found?.trashed === true) throw new Failure('in_trash');
    const file = await openFile(deps, scope, {
      assetId,
      version,
      rendition: rendition === '' ? null : rendition,
    });
    return { file, download };
  }
  const spec = parseSpec(rendition.slice(PICTURE.length));
  if (spec === null) throw new Failure('link_expired');
  return { picture: await findPicture(deps, scope, { assetId, version, spec }), download };
}
