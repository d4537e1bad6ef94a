import type { MediaType } from '../domain/asset-types.ts';
import type { Detected } from './contract.ts';

/** One row per format that we name ourselves: extension, MIME, media type. The first row of a MIME gives its extension. */
const ROWS: readonly (readonly [string, string, MediaType])[] = [
  ['jpg', 'image/jpeg', 'image'],
  ['jpeg', 'image/jpeg', 'image'],
  ['png', 'image/png', 'image'],
  ['apng', 'image/apng', 'image'],
  ['gif', 'image/gif', 'image'],
  ['webp', 'image/webp', 'image'],
  ['svg', 'image/svg+xml', 'image'],
  ['avif', 'image/avif', 'image'],
  ['tif', 'image/tiff', 'image'],
  ['tiff', 'image/tiff', 'image'],
  ['bmp', 'image/bmp', 'image'],
  ['ico', 'image/x-icon', 'image'],
  ['heic', 'image/heic', 'image'],
  ['heif', 'image/heif', 'image'],
  ['jxl', 'image/jxl', 'image'],
  ['jp2', 'image/jp2', 'image'],
  ['exr', 'image/x-exr', 'image'],
  ['psd', 'image/vnd.adobe.photoshop', 'image'],
  ['tga', 'image/x-tga', 'image'],
  ['dds', 'image/vnd-ms.dds', 'image'],
  ['hdr', 'image/vnd.radiance', 'image'],
  ['mp4', 'video/mp4', 'video'],
  ['m4v', 'video/x-m4v', 'video'],
  ['mov', 'video/quicktime', 'video'],
  ['mkv', 'video/matroska', 'video'],
  ['webm', 'video/webm', 'video'],
  ['avi', 'video/vnd.avi', 'video'],
  ['mpg', 'video/mpeg', 'video'],
  ['mts', 'video/mp2t', 'video'],
  ['mxf', 'application/mxf', 'video'],
  ['wmv', 'video/x-ms-asf', 'video'],
  ['flv', 'video/x-flv', 'video'],
  ['ogv', 'video/ogg', 'video'],
  ['mp3', 'audio/mpeg', 'audio'],
  ['wav', 'audio/wav', 'audio'],
  ['ogg', 'audio/ogg', 'audio'],
  ['opus', 'audio/ogg', 'audio'],
  ['oga', 'audio/ogg', 'audio'],
  ['m4a', 'audio/mp4', 'audio'],
  ['flac', 'audio/flac', 'audio'],
  ['aac', 'audio/aac', 'audio'],
  ['aif', 'audio/aiff', 'audio'],
  ['aiff', 'audio/aiff', 'audio'],
  ['wma', 'audio/x-ms-asf', 'audio'],
  ['mid', 'audio/midi', 'audio'],
  ['pdf', 'application/pdf', 'document'],
  ['doc', 'application/msword', 'document'],
  ['xls', 'application/vnd.ms-excel', 'document'],
  ['ppt', 'application/vnd.ms-powerpoint', 'document'],
  ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'document'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'document'],
  ['pptx', 'application/vnd.openxmlformats-officedocument.presentationml.presentation', 'document'],
  ['odt', 'application/vnd.oasis.opendocument.text', 'document'],
  ['ods', 'application/vnd.oasis.opendocument.spreadsheet', 'document'],
  ['odp', 'application/vnd.oasis.opendocument.presentation', 'document'],
  ['odg', 'application/vnd.oasis.opendocument.graphics', 'document'],
  ['epub', 'application/epub+zip', 'document'],
  ['rtf', 'application/rtf', 'document'],
  ['txt', 'text/plain', 'document'],
  ['md', 'text/markdown', 'document'],
  ['markdown', 'text/markdown', 'document'],
  ['fountain', 'text/plain', 'document'],
  ['srt', 'application/x-subrip', 'document'],
  ['vtt', 'text/vtt', 'document'],
  ['csv', 'text/csv', 'data'],
  ['tsv', 'text/tab-separated-values', 'data'],
  ['json', 'application/json', 'data'],
  ['xml', 'application/xml', 'data'],
  ['yaml', 'application/yaml', 'data'],
  ['yml', 'application/yaml', 'data'],
  ['html', 'text/html', 'data'],
  ['htm', 'text/html', 'data'],
  ['cube', 'application/x-cube-lut', 'lut'],
  ['3dl', 'application/x-3dl-lut', 'lut'],
  ['csp', 'application/x-csp-lut', 'lut'],
  ['cdl', 'application/x-asc-cdl', 'lut'],
  ['ccc', 'application/x-asc-cdl', 'lut'],
  ['cc', 'application/x-asc-cdl', 'lut'],
  ['clf', 'application/x-common-lut', 'lut'],
  ['ttf', 'font/ttf', 'font'],
  ['otf', 'font/otf', 'font'],
  ['ttc', 'font/collection', 'font'],
  ['woff', 'font/woff', 'font'],
  ['woff2', 'font/woff2', 'font'],
  ['glb', 'model/gltf-binary', 'model3d'],
  ['gltf', 'model/gltf+json', 'model3d'],
  ['obj', 'model/obj', 'model3d'],
  ['fbx', 'application/x.autodesk.fbx', 'model3d'],
  ['usdz', 'model/vnd.usdz+zip', 'model3d'],
  ['usdc', 'model/vnd.usd', 'model3d'],
  ['usda', 'model/vnd.usda', 'model3d'],
  ['stl', 'model/stl', 'model3d'],
  ['ply', 'model/x-ply', 'model3d'],
  ['3mf', 'model/3mf', 'model3d'],
  ['abc', 'application/x-alembic', 'model3d'],
  ['blend', 'application/x-blender', 'model3d'],
  ['bvh', 'application/x-bvh', 'data'],
  ['safetensors', 'application/x-safetensors', 'weights'],
  ['gguf', 'application/x-gguf', 'weights'],
  ['ckpt', 'application/x-pickle-weights', 'weights'],
  ['pt', 'application/x-pickle-weights', 'weights'],
  ['pth', 'application/x-pickle-weights', 'weights'],
  ['onnx', 'application/x-onnx', 'weights'],
  ['zip', 'application/zip', 'other'],
  ['gz', 'application/gzip', 'other'],
  ['bin', 'application/octet-stream', 'other'],
];

/** Spellings that libraries use for a format we name otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  'audio/x-m4a': 'audio/mp4',
  'audio/vnd.wave': 'audio/wav',
  'audio/ogg; codecs=opus': 'audio/ogg',
  'application/ogg': 'audio/ogg',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heif',
  'video/MP2P': 'video/mpeg',
  'video/MP1S': 'video/mpeg',
};

const BY_EXT = new Map(ROWS.map((row) => [row[0], row]));
const BY_MIME = new Map(ROWS.toReversed().map((row) => [row[1], row]));

/** The honest answer when nothing is known. */
export const UNKNOWN: Detected = { mime: 'application/octet-stream', ext: 'bin', mediaType: 'other' };

/** Extension of a file name, lower case, without the dot; empty when there is none. */
export function extensionOf(fileName: string): string {
  const match = /\.([a-z0-9]{1,12})$/i.exec(fileName.slice(-64));
  return match?.[1]?.toLowerCase() ?? '';
}

/** The detected form of one of our own extensions. */
export function byExtension(ext: string): Detected | null {
  const row = BY_EXT.get(ext);
  return row === undefined ? null : { mime: row[1], ext: row[0], mediaType: row[2] };
}

/** The detected form of a MIME that a library announced with its own extension. */
export function byMime(mime: string, ext: string): Detected {
  const name = ALIASES[mime] ?? mime;
  const row = BY_MIME.get(name);
  if (row !== undefined) return { mime: name, ext: row[0], mediaType: row[2] };
  const safe = /^[a-z0-9]{1,12}$/.test(ext) ? ext : 'bin';
  return { mime: name, ext: safe, mediaType: familyOf(name) };
}

function familyOf(mime: string): MediaType {
  const family = mime.slice(0, mime.indexOf('/'));
  switch (family) {
    case 'image':
    case 'video':
    case 'audio':
    case 'font':
      return family;
    case 'model':
      return 'model3d';
    case 'text':
      return 'data';
    default:
      return /opendocument|ms-(word|excel|powerpoint)|officedocument/.test(mime) ? 'document' : 'other';
  }
}
