import { readFileSync } from 'node:fs';
import { QuickJS } from 'quickjs-wasi';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { compileAhead } from '../../../src/sandbox/bytecode.ts';
import { EngineMemory } from '../../../src/sandbox/engine-memory.ts';
import { createQuickjsWasi } from '../../../src/sandbox/engine-quickjs-wasi.ts';
import { GuestCell } from '../../../src/sandbox/guest-cell.ts';
import { newHeartbeat } from '../../../src/sandbox/heartbeat.ts';
import { quickened } from '../../../src/sandbox/known-engine.ts';
import { loadModule, resolveModule } from '../../../src/sandbox/module-names.ts';
import type { FromWorker } from '../../../src/sandbox/protocol.ts';
import { defaultSandboxLimits } from '../../../src/sandbox/sandbox.ts';

const compiledEngine = WebAssembly.compile(quickened(new Uint8Array(readFileSync(inRoot('node_modules', 'quickjs-wasi', 'quickjs.wasm')))));
const tools = Array.from({ length: 200 }, (_, i) => `  tool${i}: (path, options) => call('tool${i}', { path, ...options, verbose: options?.verbose ?? false }),`).join('\n');
const prelude = [['assassin', `import { call } from 'assassin:host';\nexport { call };\nexport const tools = {\n${tools}\n};`]] as const;

async function engine() {
  const modules = new Map(prelude);
  const vm = await QuickJS.create({ wasm: await compiledEngine, moduleLoader: { normalize: (importer, name) => resolveModule(importer, name, modules), load: (name) => loadModule(name, modules) } });
  const memory = EngineMemory.of(vm._getExports());
  return { vm, memory, bytes: () => Buffer.from(Buffer.from(memory.buffer, 0, memory.size)) };
}

async function cellWith(more: readonly (readonly [string, string])[]) {
  const messages: FromWorker[] = [];
  const spec = { engine: 'quickjs-wasi', modules: { main: await compiledEngine, extensions: [] }, memoryBytes: 32 * 1024 * 1024, stackBytes: 64 * 1024, seed: new Uint8Array(16), prelude: [...prelude, ...more] } as const;
  const cell = new GuestCell(spec, createQuickjsWasi, (message) => void messages.push(message), newHeartbeat());
  await cell.prepare();
  return { cell, messages };
}

describe('what every guest has, compiled ahead', () => {
  it('leaves the memory of the engine as it was', async () => {
    const { vm, memory, bytes } = await engine();
    const before = bytes();
    const bytecode = compileAhead(vm, memory, '(function () { return 42; })', prelude);
    expect(bytecode?.prelude).toHaveLength(1);
    expect(bytes().equals(before)).toBe(true);
    using made = vm.evalBytecode(bytecode!.boot);
    expect(vm.callFunction(made, vm.undefined).toNumber()).toBe(42);
  });

  it('is nothing where a part of it cannot be compiled, and the memory is as it was all the same', async () => {
    const { vm, memory, bytes } = await engine();
    const before = bytes();
    expect(compileAhead(vm, memory, '(function () {})', [...prelude, ['broken', 'export const = 1;']])).toBeUndefined();
    expect(bytes().equals(before)).toBe(true);
  });

  it('runs in the guests, whose programs import it as if it had been read from its source', async () => {
    const { cell, messages } = await cellWith([['second', "import { tools } from 'assassin';\nexport const names = Object.keys(tools).length;"]]);
    const program = "import { tools } from 'assassin'; import { names } from 'second';\nexport default () => [names, typeof tools.tool7, tools.tool7.name];";
    cell.hear({ type: 'run', limits: defaultSandboxLimits, program: { modules: [['main.js', program]], entry: 'main.js', call: 'default', args: '[]', clock: 'real', random: 'real' } });
    expect(messages).toMatchObject([{ type: 'prepared' }, { type: 'ended', clean: true, end: { how: 'done', json: '[200,"function","tool7"]' } }]);
  });

  it.each([
    ['cannot be compiled', 'export const = 1;', /variable name expected/],
    ['throws when it is evaluated', 'export const x = 1;\nthrow new TypeError("no tools today");', /no tools today/],
    ['imports what is not there', "import 'nowhere';", /nowhere/],
  ])('says what is wrong with a module that %s', async (_, source, said) => {
    const { messages } = await cellWith([['broken', source]]);
    expect(messages).toEqual([{ type: 'unprepared', message: expect.stringMatching(said) }]);
  });
});
