/** The range of weights of a variable font, as the server tells it: `opsz 14–32, wght 100–900`. */
export function weightAxis(
  facts: Readonly<Record<string, unknown>> | undefined,
): { readonly least: number; readonly most: number } | null {
  const more = facts?.['more'];
  const axes = typeof more === 'object' && more !== null && 'axes' in more ? more.axes : undefined;
  const found = /\bwght (\d+)[\d.]*–(\d+)/.exec(typeof axes === 'string' ? axes : '');
  const [least, most] = [Number(found?.[1]), Number(found?.[2])];
  return found !== null && most > least ? { least, most } : null;
}
