import { builtinModules, isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { insteadOfGlobal, insteadOfModule, missingModule } from '../../../src/sandbox/missing-apis.ts';
import { insteadOfMember } from '../../../src/sandbox/missing-members.ts';
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
    for (const name of ['mine', 'myStream', 'PerformanceReport', 'toString', 'constructor', '__proto__', 'hasOwnProperty']) expect(insteadOfGlobal('ReferenceError', `${name} is not defined`)).toBeUndefined();
    expect(insteadOfGlobal('TypeError', 'fetch is not defined')).toBeUndefined();
    expect(insteadOfNode('constructor')).toBeUndefined();
  });

  it.each([
    ["await crypto.subtle.digest('SHA-256', bytes)", 'Web Crypto'], ['crypto.randomBytes(3)', 'Node crypto'], ['performance.mark("x")', 'now()'], ['setInterval(f, 5).unref()', 'A timer is a number'],
    ['globalThis.process.env.HOME', 'no process'], ['globalThis.Buffer.from("x")', 'Uint8Array'],
  ])('the member in %j has a sentence', (line, sentence) => {
    for (const message of ['not a function', "cannot read property 'x' of undefined"]) expect(insteadOfMember('TypeError', message, line)).toContain(sentence);
  });

  it('members of the program have none, and neither has another error in the same line', () => {
    for (const line of ['own.subtle.digest()', 'performance.now().x()', 'globalThis.mine.x', 'value.reference()']) expect(insteadOfMember('TypeError', 'not a function', line)).toBeUndefined();
    expect(insteadOfMember('TypeError', 'invalid value', 'crypto.subtle.digest()')).toBeUndefined();
    expect(insteadOfMember('Error', 'not a function', 'crypto.subtle.digest()')).toBeUndefined();
  });
});
