import * as z from 'zod';
import { issuesOf } from './input-issues.ts';
import { selector } from './page-inputs.ts';

const common = { name: z.string().max(200).optional(), screenshot: z.boolean().optional().describe('Keeps a picture after this step.') };
export const check = z.union([
  z.strictObject({ ...common, text: z.string().min(1) }),
  z.strictObject({ ...common, selector, state: z.enum(['visible', 'hidden']).default('visible') }),
  z.strictObject({ ...common, title: z.string().min(1).describe('Is part of the title.') }),
  z.strictObject({ ...common, url: z.string().min(1).describe('Is part of the address.') }),
  z.strictObject({ ...common, expression: z.string().min(1).max(100_000).describe('Becomes true.') }),
  z.strictObject({ ...common, click: selector }),
  z.strictObject({ ...common, fill: selector, value: z.union([z.string(), z.number(), z.boolean()]) }),
  z.strictObject({ ...common, press: z.string().min(1).max(100) }),
  z.strictObject({ ...common, goto: z.string().min(1).max(4096).describe('An address, or a path on the same site.') }),
]);
export type Check = z.infer<typeof check>;

export const checks = z.array(check).max(200);

/** What is wrong with a list of checks, each with its place in the list; nothing where it is one. */
export function problemsOfChecks(list: unknown): readonly string[] {
  const parsed = checks.safeParse(list);
  return parsed.success ? [] : issuesOf(parsed.error, list).map((issue) => issue.replace(/^(\d+)/, (at) => `check ${Number(at) + 1}`).replace(/^input\b/, 'the list'));
}
