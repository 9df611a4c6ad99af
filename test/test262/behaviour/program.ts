import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as z from 'zod';
import type { TestFile } from './test-file.ts';

/** How a test ended on one side: what it threw, by the name of its constructor, and what it printed. */
export const endSchema = z.object({ threw: z.string().optional(), printed: z.array(z.string()) });
export type TestEnd = z.infer<typeof endSchema>;

/** One test as modules, the same for both sides: `main.js` loads the harness as a script, then the test as a module, and tells how it ended. */
export interface TestProgram {
  readonly test: TestFile;
  /** The name of the module of the test. */
  readonly entry: string;
  /** The test and what it imports, by name; they go through the pipeline. */
  readonly modules: ReadonlyMap<string, string>;
  readonly main: string;
}

const moduleOf = (name: string) => `t/${name}`;

export function testProgram(suite: string, test: TestFile): TestProgram {
  const modules = new Map<string, string>();
  addModule(suite, test.name, test.source, modules);
  const asynchronous = test.metadata.flags.includes('async');
  const files = ['assert.js', 'sta.js', ...(asynchronous ? ['doneprintHandle.js'] : []), ...test.metadata.includes];
  const harness = files.map((file) => readFileSync(join(suite, 'harness', file), 'utf8')).join('\n;\n');
  return { test, entry: moduleOf(test.name), modules, main: mainSource(harness, moduleOf(test.name), asynchronous) };
}

function addModule(suite: string, name: string, source: string, modules: Map<string, string>): void {
  modules.set(moduleOf(name), source);
  for (const [, specifier = ''] of source.matchAll(/(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"\n]+)['"]/g)) {
    const imported = posix.join(posix.dirname(name), specifier);
    if (modules.has(moduleOf(imported))) continue;
    const text = textOf(join(suite, 'test', imported));
    if (text !== undefined) addModule(suite, imported, text, modules);
  }
}

/** Some tests import what must not be there. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** An asynchronous test says when it is done by printing; 20,000 turns of promise jobs are more than any of them takes. */
function mainSource(harness: string, entry: string, asynchronous: boolean): string {
  return `const printed = [];
globalThis.print = (text) => { printed.push(String(text)); };
globalThis.$262 = { global: globalThis };
(0, eval)(${JSON.stringify(harness)});
export default async () => {
  let threw;
  try { await import('./${entry}'); } catch (error) { threw = String(error?.constructor?.name ?? error); }
  ${asynchronous ? 'for (let turn = 0; turn < 20000 && printed.length === 0 && threw === undefined; turn++) await null;' : ''}
  return { threw, printed };
};`;
}

/** Whether it ended as the test says that it must. A refusal before the engine counts as the SyntaxError that it stands for. */
export function passes({ metadata: { negative, flags } }: TestFile, { threw, printed }: TestEnd): boolean {
  if (negative !== undefined) return threw === negative.type;
  if (threw !== undefined) return false;
  return !flags.includes('async') || printed[0] === 'Test262:AsyncTestComplete';
}
