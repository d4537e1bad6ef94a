import { describe, expect, it, vi } from 'vitest';
import { fromInput, hiddenPart } from './entries.ts';

function chosen(path: string): File {
  const file = new File(['x'], path.split('/').at(-1) ?? path);
  Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return file;
}

describe('what a chosen folder hides', () => {
  it('is left out and counted once an entry; the litter of systems is not worth a word', () => {
    const hidden = vi.fn();
    const paths = [
      'shoot/a.mov',
      'shoot/.stamp',
      'shoot/.git/HEAD',
      'shoot/.git/objects/1',
      'shoot/.DS_Store',
      'shoot/day 1/._a.mov',
      'shoot/day 1/b.mov',
    ];
    const picked = fromInput(paths.map(chosen), hidden);
    expect(picked.map(({ path }) => path)).toEqual(['shoot/a.mov', 'shoot/day 1/b.mov']);
    expect(hidden).toHaveBeenCalledTimes(2);
  });

  it('is taken when it was named by itself', () => {
    const hidden = vi.fn();
    expect(fromInput([chosen('.stamp'), chosen('.cache/a.png')], hidden)).toHaveLength(2);
    expect(hidden).not.toHaveBeenCalled();
    expect(hiddenPart('.cache/.x/a.png')).toBe('.cache/.x');
  });
});
