const TEXT_FIELDS = 'input, textarea, select, [contenteditable=true]';

/** Files in a paste outside text fields; pictures without a name of their own get the time as one. */
export function pastedFiles(event: ClipboardEvent, now: Date = new Date()): File[] {
  if (event.target instanceof Element && event.target.closest(TEXT_FIELDS) !== null) return [];
  return [...(event.clipboardData?.files ?? [])].map((file) => named(file, now));
}

/** Browsers call every pasted picture `image.png`; a hundred of those would be told apart by nothing. */
function named(file: File, now: Date): File {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const stamp = now.toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '.');
  const ending = file.name.slice(file.name.lastIndexOf('.'));
  return new File([file], `Pasted ${stamp}${ending}`, { type: file.type, lastModified: file.lastModified });
}
