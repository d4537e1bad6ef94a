/** One line of text from a file as far as anybody reads: no control characters, no half characters; else undefined. */
export function oneLine(value: unknown, max = 300): string | undefined {
  if (typeof value !== 'string') return undefined;
  const line = value
    .slice(0, max * 4)
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, max)
    // Half a character, from the file or from the clipping, is no valid JSON for a database.
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  return line === '' ? undefined : line;
}
