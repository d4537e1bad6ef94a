const TEXT_FIELDS = 'input, textarea, select, [contenteditable=true]';
/** More than this in one paste is a text with links in it, not a list of files to fetch. */
const ADDRESSES_MAX = 200;

function isTyping({ target }: ClipboardEvent): boolean {
  return target instanceof Element && target.closest(TEXT_FIELDS) !== null;
}

/** Files in a paste outside text fields; pictures without a name of their own get the time as one. */
export function pastedFiles(event: ClipboardEvent, now: Date = new Date()): File[] {
  if (isTyping(event)) return [];
  return [...(event.clipboardData?.files ?? [])].map((file) => named(file, now));
}

/** Web addresses in a paste outside text fields, when it holds nothing else. */
export function pastedAddresses(event: ClipboardEvent): string[] {
  return isTyping(event) ? [] : addressesIn(event.clipboardData?.getData('text/plain') ?? '');
}

/** The addresses of a text made of addresses only, each once; none when it says anything else. */
export function addressesIn(text: string): string[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const isAll = words.every((word) => /^https?:\/\/[^/]/i.test(word) && URL.canParse(word));
  return isAll && words.length <= ADDRESSES_MAX ? [...new Set(words)] : [];
}

/** Browsers call every pasted picture `image.png`; a hundred of those would be told apart by nothing. */
function named(file: File, now: Date): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const stamp = now.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  const ending = file.name.slice(file.name.lastIndexOf('.'));
  return new File([file], `Pasted ${stamp}${ending}`, { type: file.type, lastModified: file.lastModified });
}
