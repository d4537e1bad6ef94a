/** A command could not do its work; shown as it stands, with what to do about it. */
export class CliError extends Error {
  readonly code: string;
  readonly remedy: string | null;

  constructor(code: string, message: string, remedy: string | null = null) {
    super(message);
    this.name = 'CliError';
    this.code = code;
    this.remedy = remedy;
  }
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** The refusal inside an error of the server, of a use case or of ours; null for anything unexpected. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : null;
  return { code: error.code, message: error.message, remedy };
}

/** The refusal in the body of an answer that was not 2xx. */
export function refusalIn(status: number, body: unknown): Refusal {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  if (typeof error === 'object' && error !== null && 'code' in error && 'message' in error) {
    const remedy = 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : null;
    return { code: String(error.code), message: String(error.message), remedy };
  }
  return {
    code: 'unexpected',
    message: `The server answered ${status} without a reason.`,
    remedy: 'Check that the address is that of a Backlot server.',
  };
}
