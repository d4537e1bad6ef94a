const MAX_TEXT = 200_000;

/** Text for search: no control characters, runs of blanks folded, clipped without cutting a character in half. */
export function clipText(text: string): string {
  return (
    text
      .slice(0, MAX_TEXT * 4)
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]+/g, ' ')
      // Blanks of every kind first: looking for line ends behind a long run of them would take its square.
      .replace(/[^\S\n]+/g, ' ')
      .replace(/\s*\n\s*/g, '\n')
      .trim()
      .slice(0, MAX_TEXT)
      // Half a character, from the clipping or from the file, is no valid JSON for a database.
      .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
  );
}
