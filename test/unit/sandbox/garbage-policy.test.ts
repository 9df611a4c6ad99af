import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { QuickJS } from 'quickjs-wasi';
import { describe, expect, it } from 'vitest';
import { GarbagePolicy } from '../../../src/sandbox/garbage-policy.ts';

const mebibyte = 1024 * 1024;
const wasm = new WebAssembly.Module(new Uint8Array(readFileSync(fileURLToPath(new URL('../../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)))));

/** An engine with a policy that is asked as often as the engine asks its host. */
async function engine(memoryBytes: number): Promise<{ readonly vm: QuickJS; readonly policy: GarbagePolicy; readonly began: number }> {
  const policies: GarbagePolicy[] = [];
  const vm = await QuickJS.create({
    wasm, memoryLimit: memoryBytes,
    interruptHandler: () => {
      policies[0]?.tune();
      return false;
    },
  });
  const policy = new GarbagePolicy(vm, memoryBytes);
  policies.push(policy);
  policy.begin();
  return { vm, policy, began: vm.gcThreshold };
}

const held = 'globalThis.l = []; for (let i = 0; i < 100000; i++) l.push({ i });';
const cycles = 'for (let i = 0; i < 200000; i++) { const a = {}; const b = { a }; a.b = b; }';

describe('the policy of looking for garbage', () => {
  it('lets a program that holds much more than at its start get three times as far before it is looked through again', async () => {
    const { vm } = await engine(64 * mebibyte);
    vm.evalCode(held).dispose();
    const now = vm.getMemoryUsage().mallocSize;
    vm.evalCode(`${cycles} ${cycles}`).dispose();
    expect(vm.gcThreshold).toBeGreaterThan(2.4 * now);
    expect(vm.gcThreshold).toBeLessThanOrEqual(48 * mebibyte);
  });

  it('keeps a program that only makes cycles small', async () => {
    const { vm, began } = await engine(64 * mebibyte);
    const before = vm._getMemory().buffer.byteLength;
    vm.evalCode(cycles).dispose();
    expect(vm.gcThreshold).toBeLessThan(2 * began);
    expect(vm._getMemory().buffer.byteLength - before).toBeLessThan(2 * mebibyte);
  });

  it('leaves the last quarter of the memory to the steps of the engine, so that what can be found is found before memory ends', async () => {
    const { vm } = await engine(16 * mebibyte);
    vm.evalCode(held).dispose();
    vm.evalCode(`${cycles} ${cycles}`).dispose();
    expect(vm.gcThreshold).toBeLessThan(16 * mebibyte);
  });

  it('begins anew for the next program', async () => {
    const { vm, policy, began } = await engine(64 * mebibyte);
    vm.evalCode(held).dispose();
    vm.evalCode('globalThis.l = undefined;').dispose();
    vm.runGC();
    // What putting the memory back does.
    vm.gcThreshold = began;
    policy.reset();
    policy.tune();
    expect(vm.gcThreshold).toBe(began);
  });
});
