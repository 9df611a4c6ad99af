import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import { withRun } from '../../helpers/run.ts';
import { buildSandboxFiles, guestError, guestValue, runGuest, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

const program = (source: string) => ({ modules: new Map([['main.js', source]]), entry: 'main.js', call: 'default', args: [], clock: 'real', random: 'real' } as const);
const silent = { call: () => Promise.resolve(null), console: () => undefined };
const never = new AbortController().signal;
const ended = "worker thread 1 ended with all of the guest's memory (exit event seen)";
/** What the destruction report says of a worker that goes on. */
const keptClean: Readonly<Record<EngineName, RegExp>> = {
  'quickjs-wasi': /^guest memory put back as it was before the program \(\d+\.\d MiB had changed\) and all of it \([12]\.\d MiB\) compared; worker thread 1 kept clean$/,
  'quickjs-emscripten': /^guest memory \(\d+\.\d MiB\) overwritten and its instance dropped; worker thread 1 kept clean$/,
};

describe.each<EngineName>(['quickjs-wasi', 'quickjs-emscripten'])('the life of a sandbox with %s', (engine) => {
  it('ends with nothing left in its memory, and the clean worker serves the next one', async () => {
    await using factory = sandboxFactory(files, engine);
    const first = await runGuest(factory, 'globalThis.secret = 1; Object.prototype.polluted = 1; export default () => "a";');
    expect(first.how).toMatch(keptClean[engine]);
    const second = await runGuest(factory, 'export default () => [typeof secret, "polluted" in {}];');
    expect(second.result?.value).toEqual(['undefined', false]);
    expect(second.how).toContain('worker thread 1 kept clean');
    expect(factory.workers).toBe(1);
  });

  it('keeps the worker of a guest that computed for too long, but nothing of the guest', async () => {
    await using factory = sandboxFactory(files, engine, { limits: { cpuMs: 100 } });
    const { how, run } = await runGuest(factory, 'globalThis.secret = 1; export default () => { for (;;); };');
    expect(how).toMatch(keptClean[engine]);
    expect(run.outcome.clean).toBe(true);
    expect((await runGuest(factory, 'export default () => typeof secret;', { limits: { cpuMs: 10_000 } })).result?.value).toBe('undefined');
    expect(factory.workers).toBe(1);
  });

  it.each([
    ['ran out of memory', 'export default () => { const l = []; for (;;) l.push(new Uint8Array(1e6)); };'],
    ['goes on when it is told to end', 'export default async () => { for (;;) { try { await (async () => { for (;;); })(); } catch {} } };'],
    ['is stuck in a native operation', "export default () => { const h = 'a'.repeat(2 ** 22), n = 'a'.repeat(2 ** 21) + 'b'; for (;;) h.indexOf(n); };"],
  ])('ends the worker of a guest that %s, and never uses it again', async (what, source) => {
    await using factory = sandboxFactory(files, engine, { limits: { cpuMs: 100, memoryBytes: 32 * 1024 * 1024 } });
    const { how, run } = await runGuest(factory, source);
    // Only one of the engines lets a program catch that it was told to end.
    if (what.startsWith('goes on')) expect(how).toMatch(how === ended ? /./ : keptClean[engine]);
    else expect(how).toBe(ended);
    expect(run.outcome.clean).toBe(true);
    expect((await runGuest(factory, 'export default () => 1;', { limits: { cpuMs: 10_000 } })).result?.value).toBe(1);
  });

  it.each([
    ['computes', "await call('started'); for (;;);"],
    ['is inside a native operation', "const h = 'a'.repeat(2 ** 22), n = 'a'.repeat(2 ** 21) + 'b'; console.log('started'); for (;;) h.indexOf(n);"],
    ['waits for a call', "await call('started'); await call('hang');"],
    ['waits for a timer', "await call('started'); await new Promise((r) => setTimeout(r, 1e6));"],
  ])('is over at once when it is cancelled while it %s, and the calls under way are told', async (_what, source) => {
    await using factory = sandboxFactory(files, engine);
    const cancel = new AbortController();
    const reason = new AssassinError('cancelled', 'Enough.');
    const enough = () => {
      setTimeout(() => cancel.abort(reason), 20);
      return null;
    };
    const told: unknown[] = [];
    const { error, how } = await runGuest(factory, `import { call } from 'assassin'; export default async () => { ${source} };`, {
      signal: cancel.signal,
      host: {
        console: enough,
        call: (name, _args, signal) => {
          signal.addEventListener('abort', () => told.push(signal.reason));
          return name === 'hang' ? new Promise(() => undefined) : Promise.resolve(enough());
        },
      },
    });
    expect(error).toBe(reason);
    if (source.includes('indexOf')) expect(how).toBe(ended);
    // On a busy machine it may not have listened in time; then its thread has gone.
    else expect(how).toMatch(how === ended ? ended.slice(0, 15) : keptClean[engine]);
    if (source.includes('hang')) expect(told).toContain(reason);
  });

  it('does not even start where the run is cancelled already', async () => {
    await using factory = sandboxFactory(files, engine);
    await withRun([], async (scope) => {
      const { resource: sandbox } = await factory.lease(scope, 'late');
      await expect(sandbox.run(program('export default () => 1;'), silent, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
      expect(await sandbox.destroy()).toEqual({ verified: true, how: 'it never came to a worker thread, and had no memory' });
      return null;
    });
  });

  it('runs one program only', async () => {
    await using factory = sandboxFactory(files, engine);
    await withRun([], async (scope) => {
      const { resource: sandbox } = await factory.lease(scope, 'twice');
      expect((await sandbox.run(program('export default () => 1;'), silent, never)).value).toBe(1);
      await expect(sandbox.run(program('export default () => 2;'), silent, never)).rejects.toMatchObject({ code: 'cancelled' });
      const { resource: destroyed } = await factory.lease(scope, 'destroyed');
      await destroyed.destroy();
      await expect(destroyed.run(program('export default () => 2;'), silent, never)).rejects.toMatchObject({ code: 'cancelled' });
      return null;
    });
  });

  it('leaves its neighbours alone when it goes down', async () => {
    await using factory = sandboxFactory(files, engine, { limits: { cpuMs: 20_000 } });
    const quiet = runGuest(factory, 'export default async () => { const t = []; for (let i = 0; i < 20; i++) { await new Promise((r) => setTimeout(r, 20)); t.push(i); } return t.length; };');
    const bad = [
      guestError(factory, 'export default () => { for (;;); };', { limits: { cpuMs: 100 } }),
      guestError(factory, 'export default () => { const l = []; for (;;) l.push(new Uint8Array(1e6)); };'),
      guestError(factory, 'export default () => { const h = "a".repeat(2 ** 22), n = "a".repeat(2 ** 21) + "b"; for (;;) h.indexOf(n); };', { limits: { cpuMs: 100 } }),
      guestError(factory, 'export default () => new Promise(() => setTimeout(() => {}, 1e6));', { signal: AbortSignal.timeout(100) }),
    ];
    expect((await Promise.all(bad)).map(({ code }) => code)).toEqual(['sandbox-limit', 'sandbox-limit', 'sandbox-limit', 'cancelled']);
    expect((await quiet).result?.value).toBe(20);
  });

  it('never gets the thread of a neighbour that is about to end', async () => {
    await using factory = sandboxFactory(files, engine, { maxAtOnce: 2, limits: { memoryBytes: 32 * 1024 * 1024 } });
    const peaceful = Array.from({ length: 16 }, (_, i) => {
      void guestError(factory, 'export default () => { const l = []; for (;;) l.push(new Uint8Array(1e6)); };').catch(() => undefined);
      return guestValue(factory, 'export default (i) => i;', { args: [i] });
    });
    expect(await Promise.all(peaceful)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  });

  it('goes down with its run, whatever the run has done with it', async () => {
    await using factory = sandboxFactory(files, engine);
    const { outcome, of } = await withRun([], async (scope) => {
      const { resource: sandbox } = await factory.lease(scope, 'forgotten');
      await new Promise<void>((started) => {
        void sandbox.run(program("export default () => { console.log('started'); for (;;); };"), { ...silent, console: () => started() }, never).catch(() => undefined);
      });
      return 'the body ends first';
    });
    expect(outcome).toMatchObject({ state: 'done', clean: true });
    expect(of('lease.destroyed')).toMatchObject([{ verified: true, how: expect.stringMatching(/kept clean$|exit event seen/) }]);
  });

  it('leaves no thread once the factory is disposed, not even of guests at work', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker').length;
    const factory = sandboxFactory(files, engine);
    const atWork = withRun([], async (scope) => {
      const { resource: sandbox } = await factory.lease(scope, 'at work');
      const started = Promise.withResolvers<void>();
      const running = sandbox.run(program("export default () => { console.log('started'); for (;;); };"), { ...silent, console: () => started.resolve() }, never);
      await started.promise;
      await factory[Symbol.asyncDispose]();
      return running.then(() => 'ended well', (error: unknown) => (AssassinError.isInstance(error) ? error.code : 'another error'));
    });
    expect((await atWork).outcome.result).toBe('sandbox-crashed');
    expect(factory.workers).toBe(0);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'MessagePort' || name === 'Worker')).toHaveLength(before);
    expect(await guestError(factory, 'export default () => 1;')).toMatchObject({ code: 'cancelled' });
  });
});

describe('the pool of workers', () => {
  it('ends a worker that nobody has used for a while', async () => {
    await using factory = sandboxFactory(files, 'quickjs-wasi', { idleMs: 20 });
    await guestValue(factory, 'export default () => 1;');
    expect(factory.workers).toBe(1);
    for (let waited = 0; factory.workers > 0 && waited < 5000; waited += 10) await sleep(10);
    expect(factory.workers).toBe(0);
    expect(await guestValue(factory, 'export default () => 2;')).toBe(2);
  });

  it('starts nothing before the first lease, and replaces a worker that it had to end', async () => {
    await using factory = sandboxFactory(files);
    expect(factory.workers).toBe(0);
    await guestError(factory, 'export default () => { for (;;); };', { limits: { cpuMs: 50 } });
    for (let waited = 0; factory.workers === 0 && waited < 5000; waited += 10) await sleep(10);
    expect(factory.workers).toBe(1);
  });

  it('gives the worker that was started ahead to the first lease, ready or not', async () => {
    await using factory = sandboxFactory(files);
    factory.warm();
    factory.warm();
    expect((await runGuest(factory, 'export default () => 1;')).how).toContain('worker thread 1 kept clean');
    expect(factory.workers).toBe(1);
  });

  it('runs more guests at once than it keeps workers, each in one of its own', async () => {
    await using factory = sandboxFactory(files);
    const values = await Promise.all(Array.from({ length: 10 }, (_, i) => guestValue(factory, 'export default async (i) => { globalThis.mine = i; await new Promise((r) => setTimeout(r, 20)); return globalThis.mine; };', { args: [i] })));
    expect(values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('says which file is missing, and recovers when it is there', async () => {
    await using factory = sandboxFactory({ ...files, assets: new URL('nowhere/', files.assets) });
    expect(await guestError(factory, 'export default () => 1;')).toMatchObject({ code: 'sandbox-crashed', message: 'A part of the sandbox is missing: quickjs.wasm.', hint: expect.stringContaining('npm run build') });
  });

  it('says that the worker could not be started', async () => {
    await using factory = sandboxFactory({ ...files, worker: new URL('nowhere.js', files.assets) });
    expect(await guestError(factory, 'export default () => 1;')).toMatchObject({ code: 'sandbox-crashed' });
    expect(factory.workers).toBe(0);
  });

  it('lets a program end that has nothing else to do, and keeps alive one that waits for a guest', async () => {
    const script = fileURLToPath(new URL('../../fixtures/sandbox/short-program.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', '--experimental-strip-types', script, files.assets.href], { timeout: 30_000 });
    expect(stdout).toBe('"waited"\n');
  });
});
