import type { Detected } from './contract.ts';
import { byExtension } from './mime-names.ts';
import { hasAscii } from './sniff-binary.ts';

const MAX_ENTRIES = 200;
const OFFICE_FOLDERS: readonly (readonly [string, string])[] = [
  ['word/', 'docx'],
  ['xl/', 'xlsx'],
  ['ppt/', 'pptx'],
];

/** Tells office documents, USDZ and model weights from a plain zip, by the local headers in the head alone. */
export function sniffZip(head: Uint8Array, ext: string): Detected | null {
  if (!hasAscii(head, 'PK\u0003\u0004')) return null;
  const entries = localEntries(head);
  const first = entries[0]?.name ?? '';
  if (first === 'mimetype') {
    const declared = byDeclaredMime(entries[0]?.start ?? '');
    if (declared !== null) return declared;
  }
  if (/\.usd[ac]?$/i.test(first)) return byExtension('usdz');
  const names = entries.map((entry) => entry.name);
  for (const [folder, name] of OFFICE_FOLDERS) {
    if (names.some((entry) => entry.startsWith(folder))) return byExtension(name);
  }
  // The parts of an office file may follow beyond the head: its fixed first entry together with the name is enough.
  if (names.includes('[Content_Types].xml') && ['docx', 'xlsx', 'pptx'].includes(ext))
    return byExtension(ext);
  if (names.some((entry) => entry.endsWith('/data.pkl') || entry === 'data.pkl')) {
    return byExtension(ext === 'ckpt' || ext === 'pth' ? ext : 'pt');
  }
  if (names.includes('3D/3dmodel.model')) return byExtension('3mf');
  return byExtension('zip');
}

/** ODF and EPUB store their MIME uncompressed as the first entry. */
function byDeclaredMime(start: string): Detected | null {
  for (const ext of ['odt', 'ods', 'odp', 'odg', 'epub']) {
    const candidate = byExtension(ext);
    if (candidate !== null && start.startsWith(candidate.mime)) return candidate;
  }
  return null;
}

interface Entry {
  readonly name: string;
  /** First stored bytes, as text. */
  readonly start: string;
}

/** Walks local headers and, where a length is unknown (streamed zips), looks for the next signature. */
function localEntries(head: Uint8Array): Entry[] {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const entries: Entry[] = [];
  let at = 0;
  while (entries.length < MAX_ENTRIES && at + 30 <= bytes.length && bytes.readUInt32LE(at) === 0x04034b50) {
    const flags = bytes.readUInt16LE(at + 6);
    const packed = bytes.readUInt32LE(at + 18);
    const nameLength = bytes.readUInt16LE(at + 26);
    const data = at + 30 + nameLength + bytes.readUInt16LE(at + 28);
    const name = bytes.toString('latin1', at + 30, at + 30 + nameLength);
    entries.push({ name, start: bytes.toString('latin1', data, data + 80) });
    const streamed = (flags & 0x08) !== 0 && packed === 0;
    const next = streamed ? bytes.indexOf('PK\u0003\u0004', data, 'latin1') : data + packed;
    if (next <= at) break;
    at = next;
  }
  return entries;
}
