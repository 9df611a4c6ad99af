import { readFile } from 'node:fs/promises';
import { getNodeValue, parseTree, type Node, type ParseError } from 'jsonc-parser';
import * as z from 'zod';
import { AssassinError } from '../shared/errors.ts';
import { jsonProblem, placeIn } from '../shared/json-problem.ts';
import { issuesOf } from '../tools/input-issues.ts';
import type { PolicyQuestion } from '../chains/explain-action.ts';

const caseSchema = z.strictObject({ action: z.string(), expect: z.enum(['allow', 'ask', 'deny']), chain: z.string().optional(), allow: z.array(z.string()).optional(), afterReading: z.array(z.string()).optional(), why: z.string().optional() });

/** One expectation of a policy test, with the line where it is written. */
export interface PolicyCase extends PolicyQuestion {
  readonly expect: 'allow' | 'ask' | 'deny';
  readonly line: number;
}

/** Reads a list of expectations, JSON with comments. Throws `file-not-found` and `invalid-input` with the line. */
export async function readPolicyCases(file: string, shown: string): Promise<readonly PolicyCase[]> {
  const text = (await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AssassinError('file-not-found', `${shown} could not be read.`, { hint: 'Give a file that exists.', cause });
  })).replace(/^\ufeff/, '');
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const problem = jsonProblem(text, errors, shown);
  if (problem) throw new AssassinError('invalid-input', `${shown} is not valid JSON: ${problem.what}.`, { hint: example, location: problem.location });
  if (tree?.type !== 'array') throw new AssassinError('invalid-input', `${shown} is not a list.`, { hint: example, location: { file: shown, line: 1, column: 1 } });
  return (tree.children ?? []).map((node: Node) => {
    const { line, column } = placeIn(text, node.offset);
    const written: unknown = getNodeValue(node);
    const parsed = caseSchema.safeParse(written);
    if (!parsed.success) throw new AssassinError('invalid-input', `${shown} holds something that is no expectation: ${issuesOf(parsed.error, written).join('; ')}.`, { hint: example, location: { file: shown, line, column } });
    const { action, expect, chain, allow, afterReading } = parsed.data;
    return { action, expect, line, ...(chain === undefined ? {} : { chain }), ...(allow === undefined ? {} : { allow }), ...(afterReading === undefined ? {} : { afterReading }) };
  });
}

const example = 'Write [{ "action": "net https://shop.example", "expect": "allow", "chain": "shop-report" }].';
