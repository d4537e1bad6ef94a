/** One way in which a variable font varies. */
export interface FontAxis {
  readonly tag: string;
  /** In words where the axis is a registered one. */
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** Where the slider stands at first. */
  readonly start: number;
}

const NAMES: Readonly<Record<string, string>> = {
  wght: 'Weight',
  wdth: 'Width',
  opsz: 'Optical size',
  slnt: 'Slant',
  ital: 'Italic',
  GRAD: 'Grade',
};
const USUAL: Readonly<Record<string, number>> = { wght: 400, wdth: 100, opsz: 14, slnt: 0, ital: 0, GRAD: 0 };

/** Reads the fact that the server states as `wght 100–900, slnt -10–0`. */
export function axesIn(facts: Readonly<Record<string, unknown>> | undefined): readonly FontAxis[] {
  const more = facts?.['more'];
  const said = typeof more === 'object' && more !== null && 'axes' in more ? more.axes : undefined;
  if (typeof said !== 'string') return [];
  return said.split(', ').flatMap((part) => {
    const [, tag, from, to] = /^([\x20-\x7e]{4}) (-?[\d.]+)–(-?[\d.]+)$/.exec(part) ?? [];
    const [low, high] = [Number(from), Number(to)];
    if (tag === undefined || tag.includes('"') || !(low < high)) return [];
    const start = Math.min(high, Math.max(low, USUAL[tag] ?? low));
    return [{ tag, name: NAMES[tag] ?? tag, low, high, start }];
  });
}
