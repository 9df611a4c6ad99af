import { AssassinError, type ErrorCode } from '../shared/errors.ts';

/** What is known of a failed exchange. */
export interface WireFailure {
  /** As the person calls the provider. */
  readonly provider: string;
  readonly model: string;
  readonly status?: number | undefined;
  /** The provider's own words; a stranger's text. */
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  readonly cause?: unknown;
}

/** The one place where a provider's failure becomes one of ours. */
export function modelError(failure: WireFailure): AssassinError {
  const { provider, model, status, cause } = failure;
  const text = tidy(failure.text);
  const said = text === '' ? '' : `: ${text}`;
  const fail = (code: ErrorCode, message: string, hint: string, data: Record<string, unknown> = {}) =>
    new AssassinError(code, message, { hint, cause, data: { model, ...(status === undefined ? {} : { status }), ...data } });

  if (status === undefined) return fail('model-unavailable', `${provider} could not be asked for ${model}${said}`, 'Check that the server runs and that its base URL is right.');
  if (status === 401 || status === 403) return fail('model-auth', `${provider} does not accept the key for ${model} (${status})${said}`, `Set a valid key for ${provider}.`);
  if (status === 402 || outOfCredit(failure)) return fail('model-refused', `${provider} has no credit left for ${model} (${status})${said}`, `Add credit at ${provider}, or choose another model.`);
  if (status === 404) return fail('model-refused', `${provider} does not know ${model} or this address (404)${said}`, 'Check the name of the model and the base URL; most servers want /v1 at its end.');
  if (status === 429) {
    const retryAfterMs = retryAfter(failure);
    return fail('model-rate-limited', `${provider} wants fewer requests to ${model} (429)${said}`, 'Wait, or choose another model.', retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (status === 408 || status === 409 || status === 425 || status >= 500) {
    const retryAfterMs = retryAfter(failure);
    return fail('model-unavailable', `${provider} failed on a request to ${model} (${status})${said}`, 'Try again later, or choose another model.', retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  return fail('model-refused', `${provider} refused the request to ${model} (${status})${said}`, 'Change what the message complains about, or choose another model.');
}

/** OpenAI answers 429 to an empty account too; waiting does not fill it. */
function outOfCredit({ status, body }: WireFailure): boolean {
  return status === 429 && /insufficient_quota|billing_hard_limit|credit balance/i.test(body ?? '');
}

/** Milliseconds to wait, from what headers or body say: milliseconds, seconds, a date, or Google's `retryDelay`. */
export function retryAfter({ headers = {}, body = '' }: Pick<WireFailure, 'headers' | 'body'>, now: number = Date.now()): number | undefined {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const header = headers['retry-after'];
  if (header !== undefined && header.trim() !== '') {
    const seconds = Number(header);
    if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
    const date = Date.parse(header);
    if (Number.isFinite(date)) return Math.max(0, date - now);
  }
  const delay = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(body)?.[1];
  return delay === undefined ? undefined : Number(delay) * 1000;
}

/** One line, without control characters, of a length that a person reads. */
export function tidy(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}

/** The words of a server in the body of a refusal, empty where there are none. Most servers say `{"error":{"message":...}}`, some `{"error":"..."}` or `{"message":...}`, and proxies send a page: that says nothing to a person. */
export function messageIn(body: string): string {
  try {
    const { error, message } = Object(JSON.parse(body)) as { readonly error?: unknown; readonly message?: unknown };
    const said = typeof error === 'string' ? error : (Object(error) as { readonly message?: unknown }).message ?? message;
    return typeof said === 'string' ? said : '';
  } catch {
    return '';
  }
}
