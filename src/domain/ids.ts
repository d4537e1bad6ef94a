import { randomBytes, randomInt } from 'node:crypto';

/** Crockford's base32: no I, L, O or U, so that an id can be read aloud. */
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const ASSET_ID = /^AST-[0-9A-HJKMNP-TV-Z]{8}$/;

/** `AST-` and 8 characters of Crockford base32 (40 random bits), unique in the installation. */
export function newAssetId(): string {
  return `AST-${crockford()}`;
}

export function newCollectionId(): string {
  return `COL-${crockford()}`;
}

function crockford(): string {
  let text = '';
  for (let i = 0; i < 8; i++) text += CROCKFORD.charAt(randomInt(32));
  return text;
}

/** The one word under which searches find an id or the beginning of it; no other text makes such a word. */
export function idWord(id: string): string {
  return id.replace('-', '').toLowerCase();
}

export function isAssetId(text: string): boolean {
  return ASSET_ID.test(text);
}

/** Random bytes (128 bits unless told) in base64url; for rows that nobody types. */
export function newToken(bytes = 16): string {
  return randomBytes(bytes).toString('base64url');
}
