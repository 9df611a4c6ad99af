import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import type { SandboxHost } from '../../../src/sandbox/sandbox.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import type { Json } from '../../../src/shared/json.ts';
import { guestEntrySource, guestModuleSource } from '../../../src/tools/guest-module.ts';
import { buildSandboxFiles, runGuest, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

const named: Partial<SandboxHost> = { call: (name) => Promise.resolve(name) };
const failing: Partial<SandboxHost> = { call: (name) => Promise.reject(new AssassinError('denied', `${name} is not allowed.`)) };

describe.each<EngineName>(['quickjs-wasi', 'quickjs-emscripten'])('the calls of a program in %s', (engine) => {
  let factory: SandboxFactory;
  beforeAll(() => void (factory = sandboxFactory(files, engine)));
  afterAll(() => factory[Symbol.asyncDispose]());

  /** As the product does it: the program behind the entry that sees to unfinished calls. */
  const run = (lines: readonly string[], host: Partial<SandboxHost>) => runGuest(factory, guestEntrySource('program.js', 'default'), {
    host, modules: { assassin: guestModuleSource, './program.js': `import { http, log, mcp } from 'assassin';\nexport default async () => {\n${lines.join('\n')}\n};` },
  });
  const value = async (lines: readonly string[], host: Partial<SandboxHost> = named) => {
    const { result, error } = await run(lines, host);
    if (error !== undefined) throw error;
    return result?.value;
  };

  it('find each tool of a server made once, and nothing in the program can put another in its place', async () => {
    expect(await value([
      "'use strict';",
      'const tried = [];',
      'const attempt = (work) => { try { work(); tried.push("done"); } catch (error) { tried.push(error.name); } };',
      'attempt(() => { mcp.files.read = () => 0; }); attempt(() => { mcp.files = {}; }); attempt(() => { mcp.files.read.x = 1; });',
      'attempt(() => Object.defineProperty(mcp.files, "read", { value: 0 })); attempt(() => Object.setPrototypeOf(mcp.files.read, null));',
      'return [mcp.files === mcp.files, mcp.files.read === mcp.files.read, mcp.files.read === mcp.other.read, await mcp.files.read(), tried];',
    ])).toEqual([true, true, false, 'mcp.files.read', Array.from({ length: 5 }, () => 'TypeError')]);
  });

  it('find tools of any name, also of those that objects have, and of more than are kept', async () => {
    expect(await value([
      'const odd = [];',
      'for (const name of ["__proto__", "constructor", "toString", "get", "$&", ""]) odd.push(await mcp[name][name]());',
      'let wrong = 0;',
      'for (let i = 0; i < 1100; i++) if (typeof mcp.many["t" + i % 1050] !== "function") wrong++;',
      'return [odd, wrong, await mcp.many.t1049(), typeof mcp.then, typeof mcp.files.toJSON, typeof mcp[Symbol.iterator]];',
    ])).toEqual([['mcp.__proto__.__proto__', 'mcp.constructor.constructor', 'mcp.toString.toString', 'mcp.get.get', 'mcp.$&.$&', 'mcp..'], 0, 'mcp.many.t1049', 'undefined', 'undefined', 'undefined']);
  });

  it('get what the host said, whatever the program has made of all objects', async () => {
    const answers: Partial<SandboxHost> = { call: (name) => Promise.resolve<Json>(name.endsWith('big') ? { $handle: 'v_1', kind: 'text', characters: 3 } : name.endsWith('list') ? [] : {}) };
    expect(await value([
      'let ran = 0;',
      'for (const key of ["$handle", "characters", "stack", "name"]) Object.defineProperty(Object.prototype, key, { get() { ran++; return "v_2"; }, set() { ran++; }, configurable: true });',
      // One of the engines makes text with lists that it fills as a program would.
      'for (const key of ["0", "1", "2", "3", "4"]) Object.defineProperty(Object.prototype, key, { get() { return "v_3"; }, set() {}, configurable: true });',
      'try { Object.setPrototypeOf(Array.prototype, new Proxy({}, { has() { ran++; return true; } })); } catch {}',
      'const [plain, list, big] = [await mcp.a.plain(), await mcp.a.list(), await mcp.a.big()];',
      'return [Object.keys(plain).length, Array.isArray(list), big.length, typeof big.slice, ran];',
    ], answers)).toEqual([0, true, 3, 'function', 0]);
  });

  it('fail with the line that called, however late it is seen and whatever became of errors', async () => {
    expect(await value([
      'Error.stackTraceLimit = 2;',
      'const first = mcp.a.first(),',
      '  second = mcp.a.second();',
      'try { Error.captureStackTrace = null; } catch {}',
      'globalThis.Error = undefined;',
      'const seen = await Promise.allSettled([first, second]);',
      'return seen.map(({ reason }) => [reason.code, reason.message, /program\\.js:(\\d+):/.exec(reason.stack)?.[1]]);',
    ], failing)).toEqual([['denied', 'mcp.a.first is not allowed.', '4'], ['denied', 'mcp.a.second is not allowed.', '5']]);
  });

  it('that are still under way at its end are named with their line, and those that are quiet or were ended by the program are waited for', async () => {
    const waits: Partial<SandboxHost> = { call: (name, _args, signal) => (name === 'log' || name === 'call.abort' ? Promise.resolve(null) : new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))) };
    const { error } = await run(['log("x");', 'mcp.a.b();', 'return 1;'], waits);
    expect(error).toMatchObject({ code: 'chain-failed', message: expect.stringContaining('while mcp.a.b was still under way') as string });
    expect(error?.data?.['stack']).toContainEqual(expect.objectContaining({ module: './program.js', line: 4 }));
    expect(await value([
      'const own = new AbortController();',
      'const ended = http.get("http://a/", { signal: own.signal }).catch((reason) => reason);',
      'own.abort("enough");',
      'log("y");',
      'return await ended;',
    ], waits)).toBe('enough');
  });

  it.runIf(engine === 'quickjs-wasi')('that fail and that nobody waited for are told of', async () => {
    const { result, console } = await run(['mcp.a.b();', 'try { await mcp.a.c(); } catch (error) { return error.code; }'], failing);
    expect(result?.value).toBe('denied');
    expect(console).toEqual([expect.stringMatching(/^warn: A rejected promise was not handled: AssassinError: mcp\.a\.b is not allowed\.[^]*program\.js:3:/)]);
  });
});
