import { open } from 'node:fs/promises';
import type { Detected, MediaKind } from './contract.ts';
import { noPreview } from './outcome.ts';
import { decodeText } from './sniff-text.ts';
import { clipText } from './text-clip.ts';

const READ_BYTES = 256 * 1024;
const TEXTUAL = new Set([
  'application/json',
  'application/yaml',
  'application/xml',
  'application/x-subrip',
  'application/x-bvh',
]);

/** Files made of characters: no picture, but their beginning can be searched and shown as plain text. */
export const text: MediaKind = {
  name: 'text',
  accepts: (detected: Detected) => detected.mime.startsWith('text/') || TEXTUAL.has(detected.mime),
  async describe(source) {
    const file = await open(source.path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, 0);
      const decoded = decodeText(buffer.subarray(0, bytesRead));
      const found = decoded === null ? '' : clipText(decoded);
      return { ...noPreview('no_preview_for_type'), ...(found === '' ? {} : { text: found }) };
    } finally {
      await file.close();
    }
  },
};
