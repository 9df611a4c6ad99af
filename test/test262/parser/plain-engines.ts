import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import releaseSync from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { EvalFlags, JSException, QuickJS } from 'quickjs-wasi';
import * as z from 'zod';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import { compileAll, enough, startModules } from './behind-a-throw.ts';

/** Which sources an engine as it comes, without anything of ours, takes as modules. Nothing of them is run. */
export type Compile = (sources: readonly string[]) => Promise<readonly boolean[]>;

export const compilePlain: Readonly<Record<EngineName, Compile>> = {
  'quickjs-wasi': async (sources) => {
    const vm = await QuickJS.create({ wasm: await WebAssembly.compile(readFileSync(fileURLToPath(import.meta.resolve('quickjs-wasi/quickjs.wasm')))) });
    return sources.map((source) => {
      try {
        vm.evalCode(source, 'test.js', EvalFlags.TYPE_MODULE | EvalFlags.COMPILE_ONLY).dispose();
        return true;
      } catch (error) {
        if (error instanceof JSException) return false;
        throw error;
      }
    });
  },
  // Its option to compile only breaks the engine after some programs, so they are imported behind a module that throws.
  'quickjs-emscripten': async (sources) => {
    const runtime = (await newQuickJSWASMModuleFromVariant(releaseSync)).newRuntime();
    const modules = new Map([['enough.js', enough], ...sources.flatMap((source, i) => startModules(source, i))]);
    runtime.setModuleLoader((name) => modules.get(name) ?? { error: Object.assign(new Error('missing'), { name: 'ImportError' }) });
    const context = runtime.newContext();
    context.unwrapResult(context.evalCode(`globalThis.result = (${compileAll})(${sources.length}).then((l) => { globalThis.result = l; });`)).dispose();
    runtime.executePendingJobs();
    return z.array(z.boolean()).length(sources.length).parse(context.dump(context.unwrapResult(context.evalCode('result'))));
  },
};
