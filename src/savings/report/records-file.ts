import * as z from 'zod';
import { AssassinError } from '../../shared/errors.ts';
import { marks } from '../../shared/events.ts';
import { plainIssue } from '../../shared/plain-issue.ts';
import type { RunRecord } from '../../shared/usage-report.ts';

/** How records travel from one machine to another. A later version says so here, and is refused by name. */
const format = 'infrastructure-assassin/usage-records';
const version = 3;

const amount = z.number().nonnegative();
const count = z.number().int().nonnegative();
const session = z.strictObject({ wallMs: amount, cpuMs: amount.exactOptional(), memoryBytes: amount.exactOptional(), measured: z.boolean() });
const record = z.strictObject({
  run: z.string().min(1), machine: z.string(), workspace: z.string(), kind: z.string(), title: z.string(), source: z.string(), state: z.string(),
  createdAt: count, durationMs: amount.exactOptional(), errorCode: z.string().exactOptional(), asks: count, egressBytes: amount,
  models: z.array(z.strictObject({
    model: z.string(), requests: count, inputTokens: amount, cachedTokens: amount, outputTokens: amount, unpriced: count, errors: count.exactOptional(), ms: z.array(amount).exactOptional(),
    costs: z.array(z.strictObject({ mark: z.enum(marks), nanoUsd: count })),
  })),
  tools: z.array(z.strictObject({ tool: z.string(), errors: count, ms: z.array(amount) })),
  replay: z.strictObject({ tokens: amount, nanoUsd: count.exactOptional() }).exactOptional(),
  spared: z.strictObject({ definitionTokens: z.number().int().exactOptional(), resultTokens: z.number().int() }).exactOptional(),
  browsers: z.array(session), sandboxes: z.array(session),
});
const file = z.strictObject({ format: z.literal(format), version: z.literal([1, 2, version]), records: z.array(record) });

export function toRecordsFile(records: readonly RunRecord[]): string {
  return `${JSON.stringify({ format, version, records }, undefined, 1)}\n`;
}

/** Throws `invalid-input` naming the file and the field. */
export function parseRecordsFile(text: string, name: string): readonly RunRecord[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new AssassinError('invalid-input', `${name} is not JSON.`, { hint: 'Give a file that "savings export --format json" has written.', cause });
  }
  const parsed = file.safeParse(json);
  if (parsed.success) return parsed.data.records;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new AssassinError('invalid-input', `${name} does not hold usage records: ${issue === undefined ? 'unknown form' : plainIssue(issue)}.`, { hint: 'Give a file that "savings export --format json" has written, of the same version of the product or an older one.', data: { file: name, field } });
}

/** Records of several files; a run that is in more than one of them counts once. */
export function mergeRecords(files: readonly (readonly RunRecord[])[]): readonly RunRecord[] {
  return [...new Map(files.flat().map((item) => [item.run, item])).values()].sort((a, b) => a.createdAt - b.createdAt || a.run.localeCompare(b.run));
}
