import type { Description, Facts } from './contract.ts';

/** Every reason for which a file is not plainly `ready`, with the words people read. */
const MESSAGES = {
  damaged:
    'This file is damaged and cannot be read. The original is kept; upload an intact copy as a new version.',
  damaged_in_part:
    'This file is damaged; the part that could be read is shown. The original is kept; upload an intact copy as a new version.',
  too_large: 'This file is too large to be drawn safely. The original is kept and can be downloaded.',
  timeout: 'Reading this file took too long and was stopped. The original is kept and can be downloaded.',
  decoder_crashed:
    'The reader of this format failed on this file. The original is kept and can be downloaded.',
  decoder_missing:
    'The reading process could not be started on this server. The original is kept; it can be read again later.',
  stopped: 'The server stopped while reading this file. The original is kept; it will be read again.',
  waiting_for_ffmpeg:
    'Waiting for ffmpeg: install it on the server and the picture is made by itself. The file can be used and downloaded now.',
  waiting_for_libreoffice:
    'Waiting for LibreOffice: install it on the server and the pages are drawn by themselves. The words inside can be searched, and the file can be used and downloaded now.',
  waiting_for_heif:
    'Waiting for a HEIC reader: install libheif-examples (heif-convert) on the server and the picture is made by itself. The file can be used and downloaded now.',
  no_preview_for_type: 'There is no picture for this kind of file. It can be used and downloaded as it is.',
  no_decoder_for_format:
    'This format cannot be drawn on this server. The file can be used and downloaded as it is.',
  parts_elsewhere:
    'Parts of this model lie in other files, which are not looked for. It can be used and downloaded as it is; upload it as one GLB file to see it.',
  no_picture: 'This file holds nothing to draw. It can be used and downloaded as it is.',
  never_opened:
    'Files of this kind can run programs when they are loaded, so this one was not opened and nothing was checked. Load it only if you trust its maker, or ask for a safetensors file.',
  protected:
    'This file is protected by a password. It is kept as it is; upload an unprotected copy to see its pages.',
} as const;

export type Reason = keyof typeof MESSAGES;

/** Thrown inside a kind to end with a stated reason; never leaves the decoder process. */
export class CannotDecode extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, cause?: unknown) {
    super(MESSAGES[reason], { cause });
    this.name = 'CannotDecode';
    this.reason = reason;
  }
}

/** The process ran into its memory limit; a process with more memory may succeed. */
export class OutOfMemory extends Error {
  constructor(cause?: unknown) {
    super('The memory limit was reached.', { cause });
    this.name = 'OutOfMemory';
  }
}

export function failed(reason: Reason, facts: Facts = {}): Description {
  const state = reason === 'protected' ? 'protected' : 'failed';
  return { state, reason, message: MESSAGES[reason], facts, renditions: [] };
}

export function noPreview(reason: Reason, facts: Facts = {}): Description {
  return { state: 'ready_no_preview', reason, message: MESSAGES[reason], facts, renditions: [] };
}

/** The reason and message of a file that is shown although it is damaged. */
export function damagedInPart(): Pick<Description, 'reason' | 'message'> {
  return { reason: 'damaged', message: MESSAGES.damaged_in_part };
}
