/** Rows that are shown; a longer table is for a spreadsheet. */
export const MOST_ROWS = 500;

/**
 * Rows of a table of values, parted by the sign that its first line uses: at most one more than is shown, so that a
 * longer table can be told. Null when it is no table.
 */
export function readTable(text: string): readonly (readonly string[])[] | null {
  const first = text.slice(0, text.search(/\r?\n|$/));
  const sign = ['\t', ';', ','].toSorted((a, b) => first.split(b).length - first.split(a).length)[0] ?? ',';
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length && rows.length <= MOST_ROWS; at += 1) {
    const letter = text.charAt(at);
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === sign) {
      row.push(cell);
      cell = '';
    } else if (letter === '\n') {
      rows.push([...row, cell.replace(/\r$/, '')]);
      row = [];
      cell = '';
    } else cell += letter;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  return (rows[0]?.length ?? 0) > 1 ? rows : null;
}

/** Whether a column holds figures, which are read from their right end. */
export function isFigures(rows: readonly (readonly string[])[], column: number): boolean {
  const said = rows.map((row) => row[column]?.trim() ?? '').filter((cell) => cell !== '');
  return said.length > 0 && said.every((cell) => /^[-+]?[€$£]?[\d.,\s\u00a0]*\d\s?[%€$£]?$/.test(cell));
}
