/** What makes pictures inside this program, by the name that a rendition keeps. A new version makes old ones stale. */
export const TOOL_VERSIONS = {
  fontkit: '2.0.4',
  pdfium: '2.1.13',
  'backlot-lut': '2',
  'backlot-3d': '3',
  'backlot-motion': '1',
} as const;

/** The versions of every tool on this machine; `outside` are those that are not ours. */
export async function currentVersions(
  outside: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  // The picture library is loaded where it is asked for: no other part of the server needs it.
  const { SHARP_VERSION } = await import('./picture.ts');
  return { ...TOOL_VERSIONS, sharp: SHARP_VERSION, ...outside };
}
