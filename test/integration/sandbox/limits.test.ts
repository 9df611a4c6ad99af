import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import type { SandboxLimits } from '../../../src/sandbox/sandbox.ts';
import { buildSandboxFiles, guestError, guestValue, runGuest, sandboxFactory, type GuestOptions, type SandboxFiles } from '../../helpers/sandbox.ts';

const mebibyte = 1024 * 1024;

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

interface Case {
  readonly limit: keyof SandboxLimits;
  readonly value: number;
  /** Ends at the limit. */
  readonly over: string;
  /** Stays below it, and ends with `true`. */
  readonly under: string;
  readonly options?: GuestOptions;
}

const body = (source: string) => `import { call } from 'assassin';\nexport default async () => { ${source} }`;
const echo: GuestOptions = { host: { call: (_name, args) => Promise.resolve(args) } };

const cases: readonly Case[] = [
  { limit: 'memoryBytes', value: 16 * mebibyte, over: body('const l = []; for (;;) l.push(new Uint8Array(1e5));'), under: body('return new Uint8Array(1e6).length === 1e6;') },
  { limit: 'cpuMs', value: 150, over: body('for (;;);'), under: body('await new Promise((r) => setTimeout(r, 300)); return true;') },
  { limit: 'wallMs', value: 400, over: body('await new Promise((r) => setTimeout(r, 1e6));'), under: body('return true;') },
  { limit: 'stackBytes', value: 64 * 1024, over: body('const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); return f(1e5);'), under: body('const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); return f(30) === 30;') },
  { limit: 'sourceBytes', value: 2000, over: body(`return ${'/* é */'.repeat(300)} true;`), under: body('return true;') },
  { limit: 'outputBytes', value: 1000, over: body('return "é".repeat(600);'), under: body('await call("x", "y".repeat(900)); return true;'), options: echo },
  { limit: 'consoleBytes', value: 1000, over: body('for (let i = 0; i < 16; i++) console.log("");'), under: body('for (let i = 0; i < 15; i++) console.log(""); return true;') },
  { limit: 'hostCalls', value: 10, over: body('for (let i = 0; i < 11; i++) await call("x");'), under: body('for (let i = 0; i < 10; i++) await call("x"); return true;'), options: echo },
];

describe.each<EngineName>(['quickjs-wasi', 'quickjs-emscripten'])('the limits in %s', (engine) => {
  let factory: SandboxFactory;
  beforeAll(() => void (factory = sandboxFactory(files, engine, { limits: { wallMs: 30_000 } })));
  afterAll(() => factory[Symbol.asyncDispose]());

  it.each(cases)('$limit ends a program at $value, with an error that names it', async ({ limit, value, over, options }) => {
    expect(await guestError(factory, over, { ...options, limits: { [limit]: value } })).toMatchObject({ code: 'sandbox-limit', data: { limit, value }, hint: expect.stringContaining(limit) });
  });

  it.each(cases)('$limit leaves alone what stays below $value', async ({ limit, value, under, options }) => {
    expect(await guestValue(factory, under, { ...options, limits: { [limit]: value } })).toBe(true);
  });

  it('hold the whole memory of the guest, not just each allocation', async () => {
    const { usage } = await runGuest(factory, body('const l = []; for (;;) { l.push(new Uint8Array(1e6)); l.push("x".repeat(1000) + l.length); }'), { limits: { memoryBytes: 24 * mebibyte } });
    expect(usage.memoryBytes).toBeLessThanOrEqual((24 + 8) * mebibyte);
  });

  it('hold a program that catches every error', async () => {
    expect(await guestError(factory, body('for (;;) { try { await (async () => { for (;;); })(); } catch {} }'), { limits: { cpuMs: 150 } })).toMatchObject({ data: { limit: 'cpuMs' } });
    expect(await guestError(factory, body('for (;;) { try { console.log("x".repeat(1000)); } catch {} }'), { limits: { consoleBytes: 5000 } })).toMatchObject({ data: { limit: 'consoleBytes' } });
  });

  it('hold inside a native operation, in which the engine asks nobody', async () => {
    const { error, usage } = await runGuest(factory, body('const h = "a".repeat(2 ** 22), n = "a".repeat(2 ** 21) + "b"; for (;;) h.indexOf(n);'), { limits: { cpuMs: 150 } });
    expect(error).toMatchObject({ code: 'sandbox-limit', data: { limit: 'cpuMs' } });
    expect(usage.wallMs).toBeLessThan(20_000);
  });

  it('count computing for a moment at a time as much as computing at a stretch', async () => {
    const step = 'for (let j = 0; j < 15_000; j++) sum += j;';
    const atAStretch = () => runGuest(factory, body(`let sum = 0; for (let i = 0; i < 150; i++) { ${step} } return sum;`));
    // The first time the engine is still being compiled.
    await atAStretch();
    const inPieces = [await runGuest(factory, body(`let sum = 0; for (let i = 0; i < 150; i++) { ${step} await call("x"); } return sum;`), echo), await runGuest(factory, body(`let sum = 0; for (let i = 0; i < 150; i++) { ${step} await new Promise((r) => setTimeout(r, 1)); } return sum;`))];
    const { usage } = await atAStretch();
    for (const { result, usage: { cpuMs } } of inPieces) {
      expect(result?.value).toBe(16_873_875_000);
      expect(cpuMs).toBeGreaterThan(usage.cpuMs! / 2);
    }
  });

  it('still let what was logged before reach the person', async () => {
    const { console } = await runGuest(factory, body('console.log("before"); for (;;);'), { limits: { cpuMs: 100 } });
    expect(console).toEqual(['info: before']);
  });

  it('come with what was used, also after a failure', async () => {
    const spent = await runGuest(factory, body('await call("x"); for (;;);'), { ...echo, limits: { cpuMs: 200 } });
    expect(spent.usage).toMatchObject({ hostCalls: 1, wallMs: expect.any(Number), memoryBytes: expect.any(Number) });
    expect(spent.usage.cpuMs).toBeGreaterThanOrEqual(200);
    expect(spent.usage.wallMs).toBeGreaterThanOrEqual(190);
    const idle = await runGuest(factory, body('await new Promise((r) => setTimeout(r, 300)); const l = new Uint8Array(5e6).fill(1); throw new Error("x" + l[0]);'));
    expect(idle.usage.wallMs).toBeGreaterThanOrEqual(290);
    expect(idle.usage.cpuMs).toBeLessThan(200);
    expect(idle.usage.memoryBytes).toBeGreaterThan(5e6);
  });

  it.runIf(engine === 'quickjs-wasi')('count for each program anew, also where the one before it left much memory behind', async () => {
    await using own = sandboxFactory(files, engine, { limits: { memoryBytes: 32 * mebibyte } });
    const small = body('return 1;');
    const grows = body('const l = []; for (let i = 0; i < 80_000; i++) l.push({ i }); return l.length;');
    const first = await runGuest(own, small);
    const grown = await runGuest(own, grows);
    const next = await runGuest(own, small);
    expect(grown.usage.memoryBytes).toBeGreaterThan((first.usage.memoryBytes ?? 0) + 4 * mebibyte);
    expect(next.usage.memoryBytes).toBe(first.usage.memoryBytes);
    expect((await runGuest(own, grows)).usage.memoryBytes).toBe(grown.usage.memoryBytes);
    expect((await runGuest(own, body('const l = []; for (;;) l.push(new Uint8Array(1e5));'))).error).toMatchObject({ code: 'sandbox-limit', data: { limit: 'memoryBytes' } });
    // All but the last in one thread.
    expect(grown.how).toMatch(/^guest memory put back .* all of it \((?:[6-9]|1\d|2[0-3])\.\d MiB\) compared; worker thread 1 kept clean$/);
  });

  it('may be as small and as large as they may be set', async () => {
    for (const memoryBytes of [4 * mebibyte, 2048 * mebibyte]) {
      expect(await guestValue(factory, body('return [await call("x", 1), new URL("http://x/").host];'), { ...echo, limits: { memoryBytes, stackBytes: 32 * 1024 } })).toEqual([1, 'x']);
    }
  });

  it('out of range are refused before anything is made', async () => {
    await expect(runGuest(factory, body('return 1;'), { limits: { stackBytes: 8 * mebibyte } })).rejects.toMatchObject({ code: 'invalid-config', data: { limit: 'stackBytes' } });
  });
});
