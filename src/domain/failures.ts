/**
 * Every way in which an operation can refuse, in one table: a stable code for programs, a safe text and a remedy for
 * people. Doors translate `kind` into their own words (a status, an exit code); nothing below a door knows statuses.
 */
export type FailureKind =
  | 'invalid'
  | 'unprocessable'
  | 'unauthenticated'
  | 'forbidden'
  | 'absent'
  | 'conflict'
  | 'gone'
  | 'throttled'
  | 'too_large'
  | 'no_room'
  | 'unavailable'
  | 'disk_full'
  | 'internal';

interface FailureEntry {
  readonly kind: FailureKind;
  readonly message: string;
  readonly remedy?: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
}

const TABLE = {
  invalid_input: {
    kind: 'invalid',
    message: 'The request is not in the expected form.',
    remedy: 'Correct the fields named in details and send it again.',
  },
  not_signed_in: {
    kind: 'unauthenticated',
    message: 'Sign in or send an API key.',
    remedy: 'Open the sign-in link printed at start, or send "Authorization: Bearer bkl_…".',
  },
  link_used: {
    kind: 'gone',
    message: 'This sign-in link has been used or has expired.',
    remedy: 'Run "npx backlot sign-in" on the server for a new one.',
  },
  cross_site: {
    kind: 'forbidden',
    message: 'This request came from another site and was refused.',
    remedy: 'Use the page of this server, or an API key.',
  },
  not_permitted: {
    kind: 'forbidden',
    message: 'Your key or role does not allow this.',
    remedy: 'Ask an owner for a key with the needed permission.',
  },
  not_found: { kind: 'absent', message: 'There is nothing here, or you may not see it.' },
  in_trash: {
    kind: 'conflict',
    message: 'This asset is in the trash.',
    remedy: 'Restore it first.',
  },
  not_in_trash: {
    kind: 'conflict',
    message: 'This asset is not in the trash.',
    remedy: 'Move it to the trash first; only trashed assets can be deleted for ever.',
  },
  in_use: {
    kind: 'conflict',
    message: 'Productions still use this asset.',
    remedy: 'Remove it from the productions in details, or restore it.',
  },
  changed_meanwhile: {
    kind: 'conflict',
    message: 'Somebody else changed this meanwhile.',
    remedy: 'Reload it and apply your change again.',
  },
  slug_taken: {
    kind: 'conflict',
    message: 'There is a brand with this short name already.',
    remedy: 'Choose another short name.',
  },
  name_taken: {
    kind: 'conflict',
    message: 'There is a collection of this name already.',
    remedy: 'Choose another name.',
  },
  already_undone: { kind: 'conflict', message: 'This step has already been undone.' },
  cannot_undo: {
    kind: 'conflict',
    message: 'This step cannot be undone.',
    remedy: 'Assets that were deleted for ever are gone.',
  },
  still_running: {
    kind: 'conflict',
    message: 'This step is still running.',
    remedy: 'Wait for its end, or cancel it first; what it has done until then can be undone.',
  },
  plan_unknown: {
    kind: 'absent',
    message: 'This plan is unknown or has been applied.',
    remedy: 'Ask for a new plan.',
  },
  too_many: {
    kind: 'too_large',
    message: 'That is more than one request may carry.',
    remedy: 'Send it in several smaller requests.',
  },
  empty_file: {
    kind: 'unprocessable',
    message: 'The file has no bytes.',
    remedy: 'Check that it was saved completely and choose it again.',
  },
  bad_name: {
    kind: 'unprocessable',
    message: 'This name cannot be used.',
    remedy: 'Use a name of 1 to 255 bytes without control characters.',
  },
  length_mismatch: {
    kind: 'invalid',
    message: 'The number of bytes received differs from the length announced.',
    remedy: 'Nothing was kept. Send the whole file again.',
  },
  digest_mismatch: {
    kind: 'unprocessable',
    message: 'The bytes received do not match the digest sent with them.',
    remedy: 'Nothing was kept. Send the file again.',
  },
  bad_digest: {
    kind: 'invalid',
    message: 'The digest header cannot be read.',
    remedy: 'Send X-Content-SHA256 as 64 hex digits, or Content-Digest as sha-256=:base64:.',
  },
  over_cap: {
    kind: 'too_large',
    message: 'The file is larger than your plan allows for its media type.',
    remedy: 'Make it smaller, or ask an owner to raise the cap.',
  },
  over_quota: {
    kind: 'no_room',
    message: 'There is not enough storage left for this.',
    remedy: 'Empty the trash or delete what is not needed; the trash counts until it is emptied.',
  },
  cannot_enhance: {
    kind: 'unprocessable',
    message: 'This could not be made better here.',
    remedy: 'The asset stays as it was. Upload a better file as a new version.',
  },
  no_picture: {
    kind: 'unprocessable',
    message: 'There is no picture of this file.',
    remedy: 'Its state says why. The original is kept and can be downloaded.',
  },
  size_not_offered: {
    kind: 'invalid',
    message: 'This picture is not offered here.',
    remedy: 'Ask for one in details, or have somebody who may edit make a link to the size you need.',
  },
  too_busy: {
    kind: 'unavailable',
    message: 'The server is making as many pictures as it can.',
    remedy: 'Try again in a few seconds.',
    retryAfter: 3,
  },
  upload_cut: {
    kind: 'invalid',
    message: 'The upload stopped before its end.',
    remedy: 'Nothing was kept. Send it again, or use the resumable upload.',
  },
  fetch_refused: {
    kind: 'unprocessable',
    message: 'Files may not be fetched from this address.',
    remedy:
      'Use a public http or https address. For a host of your own network the operator can list it in BACKLOT_FETCH_ALLOW.',
  },
  fetch_failed: {
    kind: 'unprocessable',
    message: 'The address gave no file.',
    remedy: 'Nothing was kept. Check that the address opens in a browser without signing in, and try again.',
  },
  disk_full: {
    kind: 'disk_full',
    message: 'The disk of the server is full.',
    remedy: 'Nothing was kept. Free space on the server and try again.',
  },
  storage_failed: {
    kind: 'unavailable',
    message: 'The storage did not take the bytes.',
    remedy: 'Nothing was kept. Try again; if it stays, the operator should check the storage.',
  },
  storage_unavailable: {
    kind: 'unavailable',
    message: 'The bytes cannot be reached at the moment.',
    remedy: 'Nothing is lost. The operator should check that the storage is connected.',
  },
  bytes_missing: {
    kind: 'gone',
    message: 'The bytes of this file are missing from the storage.',
    remedy: 'Restore them from a backup.',
  },
  link_expired: {
    kind: 'forbidden',
    message: 'This link has expired or was altered.',
    remedy: 'Ask for a new one.',
  },
  share_gone: {
    kind: 'absent',
    message: 'This link leads nowhere.',
    remedy: 'It may be incomplete, turned off or expired. Ask whoever sent it for a new one.',
  },
  share_locked: {
    kind: 'unauthenticated',
    message: 'This link asks for a password.',
    remedy: 'Type the password that came with it.',
  },
  wrong_password: {
    kind: 'forbidden',
    message: 'That is not the password.',
    remedy: 'Check it and try again; capital letters count.',
  },
  too_many_tries: {
    kind: 'throttled',
    message: 'There were too many wrong passwords.',
    remedy: 'Wait ten minutes and try again.',
  },
  no_download: {
    kind: 'forbidden',
    message: 'This link shows files and does not hand them out.',
    remedy: 'Ask whoever sent it to allow downloads.',
  },
  unavailable: {
    kind: 'unavailable',
    message: 'The server is starting or stopping.',
    remedy: 'Try again in a moment.',
  },
  internal: {
    kind: 'internal',
    message: 'Something went wrong on the server.',
    remedy:
      'Look whether it was done before you try again; the log of the server has the cause under the id in X-Request-Id.',
  },
} as const satisfies Record<string, FailureEntry>;

export type FailureCode = keyof typeof TABLE;

export interface FailureOptions {
  /** Replaces the table's text when figures make it clearer; must be safe to show. */
  readonly message?: string;
  readonly remedy?: string;
  readonly details?: unknown;
  readonly cause?: unknown;
}

/** A refusal that may be shown as it stands. */
export class Failure extends Error {
  readonly code: FailureCode;
  readonly kind: FailureKind;
  readonly remedy: string | undefined;
  readonly retryAfter: number | undefined;
  readonly details: unknown;

  constructor(code: FailureCode, options: FailureOptions = {}) {
    const entry: FailureEntry = TABLE[code];
    super(
      options.message ?? entry.message,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'Failure';
    this.code = code;
    this.kind = entry.kind;
    this.retryAfter = entry.retryAfter;
    this.remedy = options.remedy ?? entry.remedy;
    this.details = options.details;
  }

  toJSON(): { code: string; message: string; remedy?: string; details?: unknown } {
    return {
      code: this.code,
      message: this.message,
      ...(this.remedy === undefined ? {} : { remedy: this.remedy }),
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}
