import { describe, expect, it } from 'vitest';
import { NOTHING, selectionCount, selectionInput } from '../data/view.ts';
import { addAll, boxOf, everything, isSelected, only, removeAll, toggle } from './selection.ts';

describe('selection', () => {
  it('toggles ids', () => {
    const one = toggle(NOTHING, 'a', 'g');
    expect(isSelected(one, 'a', 'g')).toBe(true);
    expect(selectionCount(toggle(one, 'a', 'g'))).toBe(0);
    expect(selectionInput(one)).toEqual({ ids: ['a'] });
    expect(selectionInput(NOTHING)).toBeNull();
  });

  it('sends "all" as the query with its exceptions', () => {
    const all = toggle(everything({ type: ['logo'] }, 1_000_000), 'a', 'g');
    expect(selectionCount(all)).toBe(999_999);
    expect(isSelected(all, 'a', 'g')).toBe(false);
    expect(isSelected(all, 'b', 'g')).toBe(true);
    expect(selectionInput(all)).toEqual({ filter: { type: ['logo'] }, all: true, except: ['a'] });
    expect(selectionInput(addAll(all, ['a']))).toEqual({ filter: { type: ['logo'] }, all: true });
  });

  it('limits "all" to its group', () => {
    const group = everything({ type: ['logo'] }, 50, 'logo');
    expect(isSelected(group, 'a', 'logo')).toBe(true);
    expect(isSelected(group, 'a', 'font')).toBe(false);
    expect(toggle(group, 'a', 'font')).toEqual(only('a'));
  });

  it('gives a group box three states', () => {
    const group = { key: 'g', count: 2, loaded: ['a', 'b'] };
    expect(boxOf(NOTHING, group)).toBe('off');
    expect(boxOf(only('a'), group)).toBe('some');
    expect(boxOf(addAll(only('a'), ['b']), group)).toBe('on');
    expect(boxOf(removeAll(addAll(only('a'), ['b']), ['a']), group)).toBe('some');
    expect(boxOf(everything({}, 9), group)).toBe('on');
    expect(boxOf(everything({}, 9, 'other'), group)).toBe('off');
    expect(boxOf(toggle(everything({}, 9), 'a', 'g'), group)).toBe('some');
  });
});
