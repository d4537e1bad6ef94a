import { formatBytes } from '../i18n/format.ts';
import type { CheckedFile, UploadRow } from './rows.ts';

/**
 * Refuses the files that the free room does not hold, in the order in which they were picked, so that people learn it
 * before an hour of sending. The server decides again with the first byte of each.
 */
export function withinRoom(
  rows: readonly Pick<UploadRow, 'size'>[],
  files: readonly CheckedFile[],
  freeBytes: number,
): CheckedFile[] {
  let left = freeBytes;
  return files.map((file, n) => {
    const size = rows[n]?.size ?? 0;
    if (file.known !== null || file.refusal !== null) return file;
    if (size <= left) {
      left -= size;
      return file;
    }
    return {
      known: null,
      refusal: {
        code: 'over_quota',
        message: `${formatBytes(size)} do not fit: ${formatBytes(left)} are free, ${formatBytes(size - left)} are missing.`,
        remedy: 'Empty the trash or delete what is no longer needed, then retry.',
      },
    };
  });
}
