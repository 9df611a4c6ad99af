import { stripTypes } from '../../../src/chains/strip-types.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import { compileAll, enough, startModules } from './behind-a-throw.ts';

const inOneSandbox = 200;
const silent = { call: () => Promise.resolve(null), console: () => undefined };

/** Whether each source becomes a module in a sandbox, on the way that a chain file takes: its types stripped, its syntax checked, then the engine. */
export async function compileInSandboxes(factory: SandboxFactory, sources: readonly string[], extension: 'js' | 'ts'): Promise<readonly boolean[]> {
  const results: boolean[] = [];
  for (let at = 0; at < sources.length; at += inOneSandbox) {
    const stripped = await Promise.all(sources.slice(at, at + inOneSandbox).map((source) => strippedOrNothing(source, extension)));
    const kept = stripped.filter((code) => code !== undefined);
    const modules = new Map([['main.js', `export default ${compileAll};`], ['enough.js', enough], ...kept.flatMap(startModules)]);
    const sandbox = await factory.create();
    const { value } = await sandbox.run({ modules, entry: 'main.js', call: 'default', args: [kept.length], clock: 'real', random: 'real' }, silent, new AbortController().signal);
    await sandbox.destroy();
    if (!Array.isArray(value) || value.length !== kept.length) throw new Error(`Of ${kept.length} modules, ${Array.isArray(value) ? value.length : 'none'} came back.`);
    const compiled = value.values();
    for (const code of stripped) results.push(code !== undefined && compiled.next().value === true);
  }
  return results;
}

async function strippedOrNothing(source: string, extension: string): Promise<string | undefined> {
  try {
    return (await stripTypes(source, `test.${extension}`)).code;
  } catch (error) {
    if (AssassinError.isInstance(error) && error.code === 'chain-syntax') return undefined;
    throw error;
  }
}
