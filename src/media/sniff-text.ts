import type { Detected } from './contract.ts';
import { byExtension } from './mime-names.ts';

const TEXT_NAMES = new Set([
  'md',
  'markdown',
  'csv',
  'tsv',
  'json',
  'xml',
  'yaml',
  'yml',
  'srt',
  'vtt',
  'fountain',
  'usda',
  'bvh',
  'rtf',
]);

/**
 * Decodes the head when it is text: UTF-8, UTF-16 with or without a byte order mark, or Latin-1 without control bytes.
 * Null means binary.
 */
export function decodeText(head: Uint8Array): string | null {
  if (head.length === 0) return null;
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (head[0] === 0xff && head[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (head[0] === 0xfe && head[1] === 0xff) return swapped(bytes.subarray(2));
  if (looksWide(head, 1)) return bytes.toString('utf16le');
  if (looksWide(head, 0)) return swapped(bytes);
  if (bytes.includes(0)) return null;
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const text = new TextDecoder('utf-8').decode(bytes.subarray(start));
  if (!hasControls(text) && !hasBrokenMiddle(text)) return text;
  const latin = bytes.subarray(start).toString('latin1');
  return hasControls(latin) || /[\u0080-\u0084\u0086-\u009f]/.test(latin) ? null : latin;
}

function swapped(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** UTF-16 of mostly Latin text without a mark: every other byte of the first ones is zero. */
function looksWide(head: Uint8Array, zeroAt: 0 | 1): boolean {
  if (head.length < 8) return false;
  for (let i = 0; i < 8; i += 2) {
    if (head[i + zeroAt] !== 0 || head[i + 1 - zeroAt] === 0) return false;
  }
  return true;
}

/** A replacement character is only fair at the very end, where the head may have cut a letter. */
function hasBrokenMiddle(text: string): boolean {
  const at = text.indexOf('\ufffd');
  return at >= 0 && at < text.length - 3;
}

function hasControls(text: string): boolean {
  return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text);
}

/** Names the format of a text; the extension only breaks ties among formats that look alike. */
export function sniffText(text: string, ext: string): Detected | null {
  const start = text.replace(/^\ufeff/, '').trimStart();
  return (
    sniffPlaylist(start) ??
    sniffMarkup(start) ??
    sniffJson(start, ext) ??
    sniffTables(start, ext) ??
    (TEXT_NAMES.has(ext) ? byExtension(ext) : byExtension('txt'))
  );
}

/** Playlists name other files or addresses, so they are plain text here and never reach a media tool. */
function sniffPlaylist(start: string): Detected | null {
  const lower = start.slice(0, 400).toLowerCase();
  const isPlaylist =
    lower.startsWith('#extm3u') ||
    lower.startsWith('ffconcat') ||
    lower.startsWith('[playlist]') ||
    lower.startsWith('v=0\n') ||
    lower.startsWith('v=0\r\n') ||
    /^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)?<(mpd|smoothstreamingmedia|asx)\b/.test(lower);
  return isPlaylist ? byExtension('txt') : null;
}

function sniffMarkup(start: string): Detected | null {
  if (!start.startsWith('<')) return null;
  const root = /^<([a-z_][\w.:-]*)/i.exec(skipProlog(start))?.[1]?.toLowerCase();
  if (/<!doctype\s+html/i.test(start.slice(0, 1000))) return byExtension('html');
  if (root === undefined) return start.startsWith('<?xml') ? byExtension('xml') : null;
  if (root === 'svg' || root.endsWith(':svg')) return byExtension('svg');
  if (/^(\w+:)?(colordecisionlist|colorcorrection|colorcorrectioncollection)$/.test(root))
    return byExtension('cdl');
  if (root === 'processlist') return byExtension('clf');
  const tags = [
    'html',
    'head',
    'body',
    'script',
    'iframe',
    'style',
    'title',
    'table',
    'div',
    'p',
    'h1',
    'a',
    'img',
  ];
  if (tags.includes(root)) return byExtension('html');
  return start.startsWith('<?xml') ? byExtension('xml') : null;
}

/** Steps over declarations, comments and a doctype with its inner subset, by index, so that nothing backtracks. */
function skipProlog(text: string): string {
  let at = 0;
  for (let step = 0; step < 64; step += 1) {
    while (at < text.length && /\s/.test(text.charAt(at))) at += 1;
    const end = endOfProlog(text, at);
    if (end === null) return text.slice(at, at + 200);
    if (end < 0) return '';
    at = end;
  }
  return '';
}

/** Index after the prolog item at `at`, -1 when it never ends, null when an element stands there. */
function endOfProlog(text: string, at: number): number | null {
  if (text.startsWith('<?', at)) return after(text, '?>', at);
  if (text.startsWith('<!--', at)) return after(text, '-->', at);
  if (!text.startsWith('<!', at)) return null;
  const close = text.indexOf('>', at);
  const subset = text.indexOf('[', at);
  if (subset < 0 || close < subset) return close < 0 ? -1 : close + 1;
  const inner = text.indexOf(']', subset);
  return inner < 0 ? -1 : after(text, '>', inner);
}

function after(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
}

function sniffJson(start: string, ext: string): Detected | null {
  if (!/^[[{]/.test(start)) return null;
  const early = start.slice(0, 8192);
  const isModel = /"asset"\s*:\s*\{[^}]*"version"\s*:/.test(early) || ext === 'gltf';
  if (start.startsWith('{') && isModel && /"(meshes|nodes|scenes|buffers|accessors)"/.test(start)) {
    return byExtension('gltf');
  }
  if (/^(\{\s*("|\})|\[\s*([[{"\]\d-]|true|false|null))/.test(start)) {
    return ext === 'md' || ext === 'txt' ? byExtension(ext) : byExtension('json');
  }
  return null;
}

/** Formats made of lines: LUTs, models and tables. */
function sniffTables(start: string, ext: string): Detected | null {
  if (/^[ \t]*LUT_[13]D_SIZE\s+\d+/m.test(start.slice(0, 16_384))) return byExtension('cube');
  if (start.startsWith('CSPLUTV100')) return byExtension('csp');
  if (ext === '3dl' && /^\d+[ \t]+\d+[ \t]+\d+[ \t]*$/m.test(start.slice(0, 16_384)))
    return byExtension('3dl');
  if (start.startsWith('#usda')) return byExtension('usda');
  if (start.startsWith('HIERARCHY') && start.includes('ROOT')) return byExtension('bvh');
  if (start.startsWith('{\\rtf')) return byExtension('rtf');
  if (start.startsWith('WEBVTT')) return byExtension('vtt');
  if (/^solid\s/.test(start) && start.includes('facet normal')) return byExtension('stl');
  const lines = start.split(/\r?\n/, 400);
  const vertices = lines.filter((line) => /^v\s+-?[\d.]/.test(line)).length;
  if (vertices >= 3 && lines.every((line) => /^(#|$|[a-z]+(\s|$))/i.test(line.trim())))
    return byExtension('obj');
  if (ext === '' || ext === 'csv' || ext === 'tsv') return sniffSeparated(lines.slice(0, 20), ext);
  return null;
}

function sniffSeparated(lines: readonly string[], ext: string): Detected | null {
  if (ext === 'csv' || ext === 'tsv') return byExtension(ext);
  const rows = lines.slice(0, -1).filter((line) => line !== '');
  if (rows.length < 3) return null;
  const count = (line: string): number => line.split(',').length;
  const width = count(rows[0] ?? '');
  return width >= 3 && rows.every((line) => count(line) === width) ? byExtension('csv') : null;
}
