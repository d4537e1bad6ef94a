const PACKED =
  /officedocument\.(wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation)$|opendocument\./;
const LEGACY = new Set(['application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint']);

/** Word, Excel, PowerPoint and OpenDocument. */
export function isOffice(mime: string): boolean {
  return PACKED.test(mime) || isLegacyOffice(mime);
}

/** The binary formats of before 2007. */
export function isLegacyOffice(mime: string): boolean {
  return LEGACY.has(mime);
}
