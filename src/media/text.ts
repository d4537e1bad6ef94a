import { open } from 'node:fs/promises';
import type { Detected, MediaKind, MediaSource } from './contract.ts';
import { noPreview } from './outcome.ts';
import { type Preset, presetIn, presetTable } from './prompt-preset.ts';
import { decodeText } from './sniff-text.ts';
import { clipText } from './text-clip.ts';

/** A graph or a list of prompts has to be whole to be recognised; of other text the beginning is enough. */
const READ_BYTES = 4 * 1024 * 1024;
const PLAIN_CHARACTERS = 256 * 1024;
const TEXTUAL = new Set(['application/json', 'application/yaml', 'application/xml', 'application/x-subrip']);

/** Files made of characters: no picture, but their beginning can be searched and shown as plain text. */
export const text: MediaKind = {
  name: 'text',
  accepts: (detected: Detected) => detected.mime.startsWith('text/') || TEXTUAL.has(detected.mime),
  async describe(source) {
    const file = await open(source.path, 'r');
    try {
      const length = Math.min(source.size, READ_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
      const decoded = decodeText(buffer.subarray(0, bytesRead)) ?? '';
      const preset = presetOf(source, decoded);
      const found = clipText(preset?.text ?? decoded.slice(0, PLAIN_CHARACTERS));
      return {
        ...noPreview('no_preview_for_type', preset === null ? {} : { more: preset.more }),
        ...(preset === null ? {} : { suggestedType: 'prompt_preset' }),
        ...(found === '' ? {} : { text: found }),
      };
    } finally {
      await file.close();
    }
  },
};

function presetOf(source: MediaSource, text: string): Preset | null {
  if (source.size > READ_BYTES) return null;
  if (source.detected.mime === 'application/json') return presetIn(text);
  return source.detected.mime === 'text/csv' ? presetTable(text) : null;
}
