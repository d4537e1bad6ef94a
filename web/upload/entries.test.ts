import { describe, expect, it } from 'vitest';
import { fromDrop, fromInput, hiddenPart } from './entries.ts';
import { countLeftOut, leftOutText } from './left-out.ts';

function chosen(path: string): File {
  const file = new File(path.includes('empty') ? [] : ['x'], path.split('/').at(-1) ?? path);
  Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return file;
}

describe('what a chosen folder holds beside files', () => {
  it('is left out and named in one line; a hidden folder counts once', () => {
    const { leaveOut, leftOut } = countLeftOut();
    const paths = [
      'shoot/a.mov',
      'shoot/.stamp',
      'shoot/.git/HEAD',
      'shoot/.git/objects/1',
      'shoot/.DS_Store',
      'shoot/day 1/._a.mov',
      'shoot/day 1/b.mov',
      'shoot/day 1/empty.mov',
      '__MACOSX/shoot/a.mov',
    ];
    const picked = [...fromInput(paths.map(chosen), leaveOut)];
    expect(picked.map(({ path }) => path)).toEqual(['shoot/a.mov', 'shoot/day 1/b.mov']);
    expect(leftOutText(leftOut)).toBe(
      'Left out: 2 hidden entries, 3 system files, 1 empty file (empty.mov).',
    );
  });

  it('is not mentioned when there is nothing of the kind', () => {
    const { leaveOut, leftOut } = countLeftOut();
    expect([...fromInput([chosen('a.mov')], leaveOut)]).toHaveLength(1);
    expect(leftOutText(leftOut)).toBe('');
  });

  it('is taken when it was named by itself', () => {
    const { leaveOut, leftOut } = countLeftOut();
    expect([...fromInput([chosen('.stamp'), chosen('.cache/a.png')], leaveOut)]).toHaveLength(2);
    expect(leftOut.size).toBe(0);
    expect(hiddenPart('.cache/.x/a.png')).toBe('.cache/.x');
  });
});

/** A folder as the browser hands it over: a hundred entries at a time, then none. */
function folderOf(name: string, files: number): FileSystemEntry {
  let read = 0;
  const readEntries = (take: (some: FileSystemEntry[]) => void) => {
    const some = Array.from({ length: Math.min(100, files - read) }, (_, n) => {
      const own = `${read + n}.png`;
      const file = (give: (file: File) => void) => give(new File(['x'], own));
      return { isFile: true, isDirectory: false, name: own, fullPath: `/${name}/${own}`, file };
    });
    read += some.length;
    take(some as unknown as FileSystemEntry[]);
  };
  const entry = { isFile: false, isDirectory: true, name, fullPath: `/${name}` };
  return { ...entry, createReader: () => ({ readEntries }) } as unknown as FileSystemEntry;
}

describe('a dropped folder', () => {
  it('is read whole, however many files lie side by side in it', async () => {
    const { leaveOut, leftOut } = countLeftOut();
    const item = { kind: 'file', webkitGetAsEntry: () => folderOf('takes', 150_000) };
    const data = { items: [item], files: [] } as unknown as DataTransfer;
    let count = 0;
    let last = '';
    for await (const { path } of fromDrop(data, leaveOut)) {
      count += 1;
      last = path;
    }
    expect([count, last]).toEqual([150_000, 'takes/149999.png']);
    expect(leftOutText(leftOut)).toBe('');
  });
});
