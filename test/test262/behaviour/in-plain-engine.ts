import { posix } from 'node:path';
import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, shouldInterruptAfterDeadline, type QuickJSRuntime } from 'quickjs-emscripten-core';
import { endSchema, type TestEnd, type TestProgram } from './program.ts';

const deadlineMs = 30_000;

type Module = Awaited<ReturnType<typeof newQuickJSWASMModuleFromVariant>>;

/** quickjs-emscripten as it comes, with nothing of ours: a runtime for each test, in an instance that is thrown away after one that broke it. */
export class PlainEngine {
  #module = newPlainModule();

  async end(program: TestProgram): Promise<TestEnd> {
    const runtime = (await this.#module).newRuntime();
    try {
      return endIn(runtime, program);
    } catch (error) {
      this.#module = newPlainModule();
      return { threw: `the engine: ${String(error)}`, printed: [] };
    } finally {
      this.#dispose(runtime);
    }
  }

  /** A test may leave behind what the engine then counts as a leak of its host; it ends the whole instance for that. */
  #dispose(runtime: QuickJSRuntime): void {
    try {
      runtime.dispose();
    } catch {
      this.#module = newPlainModule();
    }
  }
}

function newPlainModule(): Promise<Module> {
  return newQuickJSWASMModuleFromVariant(releaseSync);
}

function endIn(runtime: QuickJSRuntime, { modules, main }: TestProgram): TestEnd {
  runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + deadlineMs));
  runtime.setModuleLoader(
    (name) => modules.get(name) ?? { error: Object.assign(new Error(`There is no ${name}.`), { name: 'ImportError' }) },
    (importer, specifier) => (specifier.startsWith('.') ? posix.join(posix.dirname(importer), specifier) : specifier),
  );
  using context = runtime.newContext();
  const evaluated = context.evalCode(`${main.replace('export default ', 'const test = ')}\ntest().then((end) => { globalThis.end = JSON.stringify(end); });`, 'main.js', { type: 'module' });
  if (evaluated.error) {
    evaluated.error.dispose();
    return { threw: 'the harness', printed: [] };
  }
  evaluated.value.dispose();
  runtime.executePendingJobs().dispose();
  using end = context.getProp(context.global, 'end');
  const text: unknown = context.dump(end);
  return typeof text === 'string' ? endSchema.parse(JSON.parse(text)) : { threw: 'nothing came of it', printed: [] };
}
