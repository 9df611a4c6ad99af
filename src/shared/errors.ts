/** Stable codes: scripts, tests and the panel branch on these, never on messages. */
export const errorCodes = [
  'cancelled', 'timeout', 'budget-exceeded', 'denied', 'invalid-input', 'invalid-output', 'invalid-config', 'invalid-grant',
  'chain-not-found', 'chain-syntax', 'chain-invalid', 'chain-failed',
  'tool-not-found', 'tool-failed',
  'sandbox-limit', 'sandbox-crashed',
  'browser-not-found', 'browser-failed', 'page-failed', 'egress-denied',
  'mcp-not-configured', 'mcp-start-failed', 'mcp-disconnected', 'mcp-protocol', 'mcp-tool-failed',
  'store-unwritable', 'store-corrupt', 'store-too-new', 'run-not-found', 'file-not-found', 'not-supported', 'no-model', 'model-auth', 'model-rate-limited', 'model-unavailable', 'model-refused', 'model-output', 'leftover', 'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** A place in a file of the user's. Lines and columns count from 1, as editors show them. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ErrorDetails {
  /** What to do next, as one sentence in the imperative. */
  readonly hint?: string;
  readonly location?: SourceLocation;
  readonly cause?: unknown;
  /** Machine-readable extras, JSON only (for example the limit that was hit). */
  readonly data?: Readonly<Record<string, unknown>>;
}

const brand = Symbol.for('infrastructure-assassin.error');

/** The one error base. `isInstance` holds across two bundles of the same code, where `instanceof` does not. */
export class AssassinError extends Error {
  readonly [brand] = true;
  override readonly name = 'AssassinError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly location: SourceLocation | undefined;
  readonly data: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.location = details.location;
    this.data = details.data;
  }

  static isInstance(value: unknown): value is AssassinError {
    try {
      return typeof value === 'object' && value !== null && (value as { [brand]?: unknown })[brand] === true;
    } catch {
      // A proxy may throw for whatever is asked of it.
      return false;
    }
  }
}

/** The shape in which an error is journalled and crosses to the panel, the CLI's JSON and the guest. */
export interface ErrorInfo {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly location?: SourceLocation;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Never throws, whatever was thrown: who handles an error must not fail of it. */
export function toErrorInfo(error: unknown): ErrorInfo {
  try {
    return infoOf(error);
  } catch {
    return { code: 'internal', message: 'Something was thrown that cannot be read.' };
  }
}

function infoOf(error: unknown): ErrorInfo {
  if (AssassinError.isInstance(error)) {
    return {
      code: error.code,
      message: error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(error.location === undefined ? {} : { location: error.location }),
      ...(error.data === undefined ? {} : { data: error.data }),
    };
  }
  const message = error instanceof Error ? String(error.message) : String(error);
  return { code: error instanceof Error && error.name === 'AbortError' ? 'cancelled' : 'internal', message };
}

export function fromErrorInfo(info: ErrorInfo): AssassinError {
  return new AssassinError(info.code, info.message, info);
}

/** With a full stop where it has none: messages of others end as they like, and what follows must not run on from them. */
export function sentence(text: string): string {
  return /[.!?:;…]["')\]]*$/.test(text) ? text : `${text}.`;
}

/** One line for logs and terminals: `message (file:line:column). Hint`. */
export function describeError(error: unknown): string {
  const info = toErrorInfo(error);
  const place = info.location ? ` (${info.location.file}:${info.location.line}:${info.location.column})` : '';
  return `${place === '' && info.hint ? sentence(info.message) : info.message}${place}${info.hint ? ` ${info.hint}` : ''}`;
}
