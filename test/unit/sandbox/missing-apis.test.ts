import { builtinModules, isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { insteadOfGlobal, insteadOfModule, missingModule } from '../../../src/sandbox/missing-apis.ts';
import { insteadOfNode } from '../../../src/sandbox/missing-node-modules.ts';

describe('what a sandbox does not have', () => {
  it.each(builtinModules.filter((name) => !name.startsWith('_')).map((name) => name.replace(/^node:/, '')))('the module %s of Node has a sentence that says what to use', (name) => {
    expect(isBuiltin(name) || isBuiltin(`node:${name}`)).toBe(true);
    expect(insteadOfNode(name)).toMatch(/^[A-Z].*\.$/i);
    expect(insteadOfModule(`node:${name}`)).toBe(insteadOfNode(name));
    expect(missingModule(`node:${name}`, 'main.ts')).toContain(insteadOfNode(name)!);
  });

  const common = ['fetch', 'Headers', 'Request', 'Response', 'FormData', 'Blob', 'File', 'ReadableStream', 'WritableStream', 'TransformStream', 'WebSocket', 'EventSource', 'process', 'Buffer', 'global', 'setImmediate', 'clearImmediate', 'WebAssembly', 'SharedArrayBuffer', 'FinalizationRegistry',
    'MessageChannel', 'MessagePort', 'BroadcastChannel', 'navigator', 'localStorage', 'sessionStorage', 'DOMException', 'CustomEvent', 'CompressionStream', 'DecompressionStream', 'require', 'module', 'exports', '__dirname', '__filename', 'window', 'document', 'Intl', 'Worker', 'XMLHttpRequest', 'DOMParser', 'location', 'self', 'alert', 'Deno', 'Bun'];
  it.each(common)('the global %s has a sentence that says what to use', (name) => {
    expect(insteadOfGlobal('ReferenceError', `${name} is not defined`)).toMatch(/^[A-Z].*\.$/);
    expect(insteadOfGlobal('ReferenceError', `'${name}' is not defined`)).toMatch(/^[A-Z].*\.$/);
  });

  it('names of the program and of Object.prototype have none', () => {
    for (const name of ['mine', 'toString', 'constructor', '__proto__', 'hasOwnProperty']) expect(insteadOfGlobal('ReferenceError', `${name} is not defined`)).toBeUndefined();
    expect(insteadOfGlobal('TypeError', 'fetch is not defined')).toBeUndefined();
    expect(insteadOfNode('constructor')).toBeUndefined();
  });
});
