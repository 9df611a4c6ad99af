import * as z from 'zod';
import { AssassinError } from '../../shared/errors.ts';
import { plainIssue } from '../../shared/plain-issue.ts';
import { functionShapes } from './guest/adapters.ts';

/** How a served function answers. Times are milliseconds, sizes bytes. */
const schema = z.strictObject({
  /** 0 is any that is free. */
  port: z.int().min(0).max(65_535).default(0),
  /** Calls at the same time, each in a sandbox of its own. */
  concurrency: z.int().min(1).max(64).default(4),
  /** Calls that may wait for their turn; further ones are refused with 429. */
  queue: z.int().min(0).max(10_000).default(64),
  /** From the beginning of a call, waiting for its turn included, to its answer. */
  timeoutMs: z.int().min(10).max(15 * 60_000).default(30_000),
  maxBodyBytes: z.int().min(0).max(4 * 1024 * 1024).default(1024 * 1024),
  shape: z.enum(functionShapes).optional(),
  /** Origins of web pages that may call it, such as `http://localhost:5173`. */
  origins: z.array(z.string().regex(/^https?:\/\/[^/\s]+$/, 'must be an origin without a path, such as http://localhost:5173')).default([]),
  /** The secret that callers show; a new one where absent. */
  token: z.string().regex(/^[\w.~+/-]{16,200}$/, 'must have 16 to 200 letters, digits and ._~+/-').optional(),
});

export type ServeOptions = z.infer<typeof schema>;
export type ServeInput = z.input<typeof schema>;

/** Throws `invalid-input` naming the option. */
export function serveOptions(input: ServeInput): ServeOptions {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(plainIssue);
  throw new AssassinError('invalid-input', `The function cannot be served like this. ${issues.join('; ')}.`, { hint: 'Correct the option; "fn serve --help" lists them.', data: { issues } });
}
