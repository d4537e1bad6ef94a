import type { Blocks } from './contract.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });
const LATIN1 = new TextDecoder('latin1');

/** PNG says Latin-1 for some of its texts, and tools write UTF-8 into them all the same. */
export function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return LATIN1.decode(bytes);
  }
}

export function textIn(blocks: Blocks, name: string): string | null {
  const bytes = blocks.get(name);
  if (bytes === undefined) return null;
  return name === 'exif:UserComment' ? commentOf(bytes) : textOf(bytes);
}

/**
 * An EXIF comment begins with eight bytes that name its code. What is called UNICODE comes in both byte orders, whatever
 * the rest of the EXIF has; every recipe holds plain letters, so the empty halves tell.
 */
export function commentOf(bytes: Uint8Array): string {
  const code = LATIN1.decode(bytes.subarray(0, 8));
  const rest = bytes.subarray(8);
  if (!code.startsWith('UNICODE')) return textOf(/^(ASCII|JIS)|^\0{8}/.test(code) ? rest : bytes);
  let [even, odd] = [0, 0];
  for (let at = 0; at + 1 < rest.length; at += 2) {
    if (rest[at] === 0) even += 1;
    if (rest[at + 1] === 0) odd += 1;
  }
  if (even === 0 && odd === 0 && !startsWithMark(rest)) return textOf(rest);
  const isLittle = rest[0] === 0xff && rest[1] === 0xfe ? true : odd > even;
  return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(rest);
}

function startsWithMark(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}
