import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import type { SandboxHost } from '../../../src/sandbox/sandbox.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import { buildSandboxFiles, guestError, guestValue, runGuest, sandboxFactory, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

const echo: Partial<SandboxHost> = { call: (_name, args) => Promise.resolve(args) };

describe.each<EngineName>(['quickjs-wasi', 'quickjs-emscripten'])('host calls from %s', (engine) => {
  let factory: SandboxFactory;
  beforeAll(() => void (factory = sandboxFactory(files, engine)));
  afterAll(() => factory[Symbol.asyncDispose]());

  it('carry a name and JSON there and JSON back', async () => {
    const seen: unknown[] = [];
    const host: Partial<SandboxHost> = {
      call: (name, args) => {
        seen.push([name, args]);
        return Promise.resolve({ back: [args], text: 'é\u2028😀' });
      },
    };
    expect(await guestValue(factory, "import { call } from 'assassin'; export default async () => [await call('a.b', { x: [1, undefined, 'ü'], f() {} }), await call('none'), (await call('long', 'x'.repeat(300) + 'ü'.repeat(300))).text];", { host })).toEqual([
      { back: [{ x: [1, null, 'ü'] }], text: 'é\u2028😀' }, { back: [null], text: 'é\u2028😀' }, 'é\u2028😀',
    ]);
    expect(seen).toEqual([['a.b', { x: [1, null, 'ü'] }], ['none', null], ['long', 'x'.repeat(300) + 'ü'.repeat(300)]]);
  });

  it('give null for a host function that returns nothing', async () => {
    expect(await guestValue(factory, "import { call } from 'assassin'; export default async () => [await call('x')];", { host: { call: () => Promise.resolve(undefined as never) } })).toEqual([null]);
  });

  it('go on at the same time, up to the limit, and the rest waits its turn', async () => {
    let underWay = 0;
    let most = 0;
    const order: unknown[] = [];
    const host: Partial<SandboxHost> = {
      call: async (_name, args) => {
        most = Math.max(most, ++underWay);
        order.push(args);
        await sleep(5);
        underWay -= 1;
        return args;
      },
    };
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    const { result } = await runGuest(factory, "import { call } from 'assassin'; export default (list) => Promise.all(list.map((i) => call('x', i)));", { host, args: [numbers], limits: { hostCallsInFlight: 8 } });
    expect(result?.value).toEqual(numbers);
    expect(order).toEqual(numbers);
    expect(most).toBe(8);
    expect(result?.usage.hostCalls).toBe(50);
  });

  it('keep large arguments from piling up in the host, however many may be under way', async () => {
    let bytes = 0;
    let most = 0;
    const host: Partial<SandboxHost> = {
      call: async (_name, args) => {
        bytes += String(args).length;
        most = Math.max(most, bytes);
        await sleep(1);
        bytes -= String(args).length;
        return null;
      },
    };
    await guestValue(factory, "import { call } from 'assassin'; export default () => Promise.all(Array.from({ length: 12 }, () => call('x', 'y'.repeat(400000))));", { host, limits: { outputBytes: 1_000_000 } });
    expect(most).toBe(800_000);
  });

  it('fail in the guest with code, message and hint, at the line that called', async () => {
    const host: Partial<SandboxHost> = { call: () => Promise.reject(new AssassinError('denied', 'Not allowed: net.', { hint: 'Grant it.', data: { secret: 'kept' } })) };
    expect(await guestValue(factory, `import { call } from 'assassin';
export default async () => {
  try {
    await call('x');
  } catch (error) {
    return [error instanceof Error, error.name, error.code, error.message, error.hint, /main\\.js:4:/.test(error.stack), JSON.stringify(error)];
  }
};`, { host })).toEqual([true, 'AssassinError', 'denied', 'Not allowed: net.', 'Grant it.', true, '{"code":"denied","hint":"Grant it."}']);
  });

  it('are the cause of the failure of a program that does not catch them', async () => {
    const denied = new AssassinError('denied', 'Not allowed: net.', { hint: 'Grant it.' });
    const error = await guestError(factory, "import { tool } from 'assassin';\nexport default async function main() {\n  await tool('x');\n}", { host: { call: () => Promise.reject(denied) } });
    expect(error).toMatchObject({ code: 'chain-failed', message: 'Not allowed: net.', hint: 'Grant it.', data: { name: 'AssassinError' } });
    expect(error.cause).toBe(denied);
    expect(error.data?.['stack']).toContainEqual(expect.objectContaining({ module: 'main.js', line: 3, function: 'main' }));
  });

  it('that nobody waits for are told to end, and the person is told', async () => {
    const signals: AbortSignal[] = [];
    const host: Partial<SandboxHost> = {
      call: (_name, _args, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    };
    const { result, console } = await runGuest(factory, "import { call } from 'assassin'; export default () => { call('a'); call('b'); return 'done'; };", { host: { ...host } });
    expect(result?.value).toBe('done');
    expect(signals.every((signal) => signal.aborted)).toBe(true);
    expect(signals.length).toBeLessThanOrEqual(2);
    expect(console).toEqual(['warn: The chain did not wait for 2 of its calls; they were stopped.']);
  });

  it('bring nothing to the next guest when they end late', async () => {
    const late: ((value: null) => void)[] = [];
    const host: Partial<SandboxHost> = { call: (name) => (name === 'late' ? new Promise((resolve) => late.push(resolve)) : Promise.resolve(name)) };
    const source = "import { call } from 'assassin'; export default async () => { call('late'); return await call('now'); };";
    expect(await guestValue(factory, source, { host })).toBe('now');
    const second = guestValue(factory, source, { host });
    for (const resolve of late) resolve(null);
    expect(await second).toBe('now');
  });

  it('survive a host that answers in odd ways', async () => {
    const answers = new Map<string, () => Promise<never>>([
      ['cyclic', () => { const a: Record<string, unknown> = {}; a['a'] = a; return Promise.resolve(a as never); }],
      ['bigint', () => Promise.resolve(1n as never)],
      ['throws', () => { throw new RangeError('at once'); }],
      ['text', () => Promise.reject('only text')],
      ['accessor', () => Promise.resolve(Object.defineProperty({}, 'x', { enumerable: true, get: () => { throw new Error('getter'); } }) as never)],
    ]);
    const host: Partial<SandboxHost> = { call: (name) => answers.get(name)!() };
    expect(await guestValue(factory, "import { call } from 'assassin'; export default async (names) => { const codes = []; for (const n of names) { try { await call(n); } catch (e) { codes.push(e.code); } } return codes; };", { host, args: [[...answers.keys()]] })).toEqual(['internal', 'internal', 'internal', 'internal', 'internal']);
  });

  it('hand a thousand answers over without losing or mixing one', async () => {
    expect(await guestValue(factory, `import { call } from 'assassin';
      export default async () => {
        let wrong = 0;
        for (let round = 0; round < 20; round++) for (const [i, r] of (await Promise.all(Array.from({ length: 50 }, (_, i) => call('x', { i, round })))).entries()) if (r.i !== i || r.round !== round) wrong++;
        return wrong;
      };`, { host: echo })).toBe(0);
  });

  it('and lines on the console are heard in the order in which they were made, by whatever way they travel', async () => {
    const said: unknown[] = [];
    const host: Partial<SandboxHost> = {
      call: (_name, args) => {
        said.push((args as readonly unknown[])[0]);
        return Promise.resolve(args);
      },
      console: (_level, text) => void said.push(Number(text)),
    };
    // Short plain ones lie in shared memory while the other side looks; the others are messages.
    const source = `import { call } from 'assassin';
export default async () => {
  const texts = ['', 'a', 'ä', 'x'.repeat(5000)];
  let n = 0, wrong = 0;
  for (let round = 0; round < 120; round++) {
    if (round % 3 === 0) console.log(n++);
    await Promise.all(Array.from({ length: round % 20 + 1 }, async () => {
      const mine = [n++, texts[n % (round % 4 + 1)]];
      const [back, text] = await call('x', mine);
      if (back !== mine[0] || text !== mine[1]) wrong++;
    }));
    if (round % 7 === 0) for (let i = 0; i < 20000; i++) wrong += 0;
  }
  return [n, wrong];
};`;
    const { result, error } = await runGuest(factory, source, { host });
    expect(error).toBeUndefined();
    expect(result?.value).toEqual([said.length, 0]);
    expect(said).toEqual(said.map((_, i) => i));
  });

  it('end with the run when the host can take no more lines', async () => {
    const full = new AssassinError('store-unwritable', 'The disk is full.');
    const host: Partial<SandboxHost> = { ...echo, console: () => { throw full; } };
    expect(await guestError(factory, "import { call } from 'assassin'; export default async () => { console.log('x'); for (;;) await call('x'); };", { host })).toBe(full);
    expect(await guestError(factory, "import { call } from 'assassin'; export default () => { call('x'); };", { host })).toBe(full);
    expect(await guestValue(factory, 'export default () => 1;')).toBe(1);
  });
});
