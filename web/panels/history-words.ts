import { titleCase } from '../i18n/format.ts';

const KINDS: Readonly<Record<string, string>> = {
  'assets.update': 'Edited',
  'assets.bulk': 'Edited with others',
  'assets.trash': 'Moved to trash',
  'assets.restore': 'Restored from the trash',
  'uploads.add': 'Uploaded',
  'versions.add': 'New version',
  'versions.restore': 'Version restored',
  'operations.undo': 'Undone',
};
const LONGEST = 160;

/** Words for the kind of an operation; unknown kinds are spelt out rather than hidden. */
export function kindText(kind: string): string {
  return KINDS[kind] ?? titleCase(kind.replaceAll('.', ' '));
}

/** One side of a change as a short text. */
export function changeText(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'empty' : shorten(value.map(String).join(', '));
  if (typeof value === 'object') return shorten(JSON.stringify(value));
  return shorten(String(value));
}

function shorten(text: string): string {
  const letters = [...text];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join('')} …` : text;
}
