const LONGEST = 63;

/** `Café Zoë & Söhne` as `cafe-zoe-sohne`; while it is being typed a hyphen at its end may go on. */
export function shortName(name: string, isTyping = false): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, LONGEST);
  return isTyping ? plain : plain.replace(/-+$/, '');
}
