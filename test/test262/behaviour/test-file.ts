import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

/** What a test says of itself in its `/*---` comment, as INTERPRETING.md of test262 defines it. */
const metadataSchema = z.object({
  flags: z.array(z.string()).default([]),
  includes: z.array(z.string()).default([]),
  features: z.array(z.string()).default([]),
  negative: z.object({ phase: z.string(), type: z.string() }).optional(),
});
export type TestMetadata = z.infer<typeof metadataSchema>;

export interface TestFile {
  /** Path below `test`, with `/`. */
  readonly name: string;
  readonly source: string;
  readonly metadata: TestMetadata;
}

/** Throws where the comment is not there or not in the form that the suite promises. */
export function readTest(suite: string, name: string): TestFile {
  const source = readFileSync(join(suite, 'test', name), 'utf8');
  const [, text] = /\/\*---\r?\n?([\s\S]*?)---\*\//.exec(source) ?? [];
  if (text === undefined) throw new Error(`${name} says nothing of itself.`);
  return { name, source, metadata: metadataSchema.parse(parse(text.replaceAll('\r\n', '\n').replaceAll('\r', '\n')) ?? {}) };
}

/** Names of all tests of some folders below `test`, sorted; modules that only tests import are none. */
export function testNames(suite: string, folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => readdirSync(join(suite, 'test', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && !file.includes('_FIXTURE'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)).sort();
}
