/** Letters of one packet that are looked at; recipes stand in small ones. */
const PACKET_LETTERS = 512 * 1024;

/** One property of an XMP packet, as attribute or element, the first item of a list; without a parser of XML. */
export function xmpProperty(packet: string, name: string): string | undefined {
  const text = packet.slice(0, PACKET_LETTERS);
  const attribute = text.indexOf(`${name}="`);
  if (attribute >= 0) {
    const from = attribute + name.length + 2;
    const to = text.indexOf('"', from);
    return to < 0 ? undefined : unescaped(text.slice(from, to));
  }
  const open = text.indexOf(`<${name}`);
  const from = open < 0 ? -1 : text.indexOf('>', open);
  const close = from < 0 ? -1 : text.indexOf(`</${name}>`, from);
  if (close < 0) return undefined;
  const inner = text.slice(from + 1, close);
  const item = inner.indexOf('<rdf:li');
  if (item < 0) return unescaped(inner);
  const start = inner.indexOf('>', item);
  const end = inner.indexOf('</rdf:li>', item);
  return start < 0 || end < start ? undefined : unescaped(inner.slice(start + 1, end));
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string | undefined {
  const plain = text
    .replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, ...groups: string[]) => {
      const [decimal, hex, name] = groups;
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? all;
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    })
    .trim();
  return plain === '' ? undefined : plain;
}
