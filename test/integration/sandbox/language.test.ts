import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import { buildSandboxFiles, guestError, guestValue, runGuest, sandboxFactory, type SandboxFiles } from "../../helpers/sandbox.ts";

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

const engines: readonly EngineName[] = ['quickjs-wasi', 'quickjs-emscripten'];

describe.each(engines)('the guest language in %s', (engine) => {
  let factory: SandboxFactory;
  beforeAll(() => void (factory = sandboxFactory(files, engine)));
  afterAll(() => factory[Symbol.asyncDispose]());

  it('calls the named export with JSON and gives back JSON', async () => {
    expect(await guestValue(factory, 'export const add = async (a, { b }) => ({ sum: a + b, list: [1, "é", null] })', { call: 'add', args: [1, { b: 2 }] })).toEqual({ sum: 3, list: [1, 'é', null] });
  });
});
