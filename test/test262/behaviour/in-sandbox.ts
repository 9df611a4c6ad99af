import { stripTypes } from '../../../src/chains/strip-types.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import { endSchema, type TestEnd, type TestProgram } from './program.ts';

const silent = { call: () => Promise.resolve(null), console: () => undefined };

/** One test on the way of a chain file: its modules are checked and stripped, then run in a sandbox of their own. */
export async function endInSandbox(factory: SandboxFactory, { modules, main }: TestProgram): Promise<TestEnd> {
  const stripped = new Map([['main.js', main]]);
  try {
    for (const [name, source] of modules) stripped.set(name, (await stripTypes(source, name)).code);
  } catch (error) {
    if (AssassinError.isInstance(error) && error.code === 'chain-syntax') return { threw: 'SyntaxError', printed: [] };
    throw error;
  }
  const sandbox = await factory.create();
  try {
    const { value } = await sandbox.run({ modules: stripped, entry: 'main.js', call: 'default', args: [], clock: 'real', random: 'real' }, silent, new AbortController().signal);
    return endSchema.parse(value);
  } catch (error) {
    if (AssassinError.isInstance(error)) return { threw: `${error.code}: ${error.message}`, printed: [] };
    throw error;
  } finally {
    await sandbox.destroy();
  }
}
