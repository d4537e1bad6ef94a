import { describe, expect, it } from 'vitest';
import { fromInput, hiddenPart } from './entries.ts';
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
