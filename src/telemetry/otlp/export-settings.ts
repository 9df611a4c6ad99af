import * as z from 'zod';
import { AssassinError } from '../../shared/errors.ts';

export const otlpEncodings = ['protobuf', 'json'] as const;
export const otlpCompressions = ['gzip', 'none'] as const;

/** Where traces are sent, and how. Nothing is sent where there are no such settings. */
export interface TraceExportSettings {
  /** Base address of a collector, or the whole address of its traces. */
  readonly endpoint: string;
  /** `${secret:NAME}` in a value stands for a secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly encoding: (typeof otlpEncodings)[number];
  readonly compression: (typeof otlpCompressions)[number];
  /** Also what went into steps and came out of them. */
  readonly content: boolean;
}

/** Names and values that Node would refuse, or that could end a header and begin another one. */
export const headersSchema = z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string().regex(/^[\t\u0020-\u007e\u0080-\u00ff]*$/));

const tracesPath = '/v1/traces';

/** The address of traces: as the variables of OpenTelemetry, a base gets the path that OTLP gives them. Throws `invalid-config`. */
export function tracesUrl(endpoint: string): URL {
  if (!URL.canParse(endpoint) || !/^https?:\/\//i.test(endpoint)) {
    throw new AssassinError('invalid-config', `Traces cannot be sent to "${endpoint}": it is not an address.`, { hint: 'Write the address of a collector, such as http://127.0.0.1:4318.' });
  }
  const url = new URL(endpoint);
  if (url.username !== '' || url.password !== '') {
    throw new AssassinError('invalid-config', 'The address that traces are sent to holds a password.', { hint: 'Put it into otlp.headers, as a ${secret:NAME}.' });
  }
  if (!url.pathname.endsWith(tracesPath)) url.pathname = `${url.pathname.replace(/\/+$/, '')}${tracesPath}`;
  return url;
}
