import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../../src/sandbox/protocol.ts';
import type { SandboxFactory } from '../../../src/sandbox/sandbox-factory.ts';
import type { SandboxLimits } from '../../../src/sandbox/sandbox.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import type { Json } from '../../../src/shared/json.ts';
import { hostilePrograms } from '../../fixtures/sandbox/hostile.ts';
import type { Ending } from '../../fixtures/sandbox/hostile-program.ts';
import { sampled } from '../../helpers/depth.ts';
import { held, leftSince, perMemory, type Held } from '../../helpers/held.ts';
import { buildSandboxFiles, runGuest, sandboxFactory, type GuestOutcome, type SandboxFiles } from '../../helpers/sandbox.ts';

let files: SandboxFiles;
beforeAll(async () => void (files = await buildSandboxFiles()));
afterAll(() => files[Symbol.dispose]());

/** Time is short only where a program is to end by it: on a slow machine all the others must still come to their own ends. */
function limitsFor(ends: readonly Ending[]): Partial<SandboxLimits> {
  const endsAt = (name: keyof SandboxLimits) => ends.some((ending) => 'limit' in ending && ending.limit === name);
  return { cpuMs: endsAt('cpuMs') ? 200 : 30_000, wallMs: endsAt('wallMs') ? 300 : 60_000 };
}

async function call(name: string, args: Json): Promise<Json> {
  switch (name) {
    case 'echo': return args;
    case 'fail': throw new AssassinError('tool-failed', 'It failed.');
    case 'hang': return new Promise(() => undefined);
    default: throw new AssassinError('tool-not-found', `There is no tool ${name}.`);
  }
}

/** The end as the table writes it. */
function endingOf({ result, error }: GuestOutcome): Record<string, unknown> {
  if (error === undefined) return { value: result?.value };
  return error.code === 'sandbox-limit' ? { limit: error.data?.['limit'] } : { code: error.code, message: error.message };
}

function matches(outcome: GuestOutcome, ending: Ending): boolean {
  const { error, result } = outcome;
  if ('value' in ending) return error === undefined && JSON.stringify(result?.value) === JSON.stringify(ending.value);
  if ('limit' in ending) return error?.code === 'sandbox-limit' && error.data?.['limit'] === ending.limit;
  return error?.code === ending.code && (ending.message === undefined || ending.message.test(error.message));
}

/** Where the system's record of the process can be read. */
const measurable = process.platform === 'linux' && process.arch === 'x64';

/** What every guest must find: a world in which nobody was before. */
const innocent = `import { call } from 'assassin';
export default async () => {
  const left = [];
  for (const name of ['spoiled', 'l', 'polluted']) if (name in globalThis || name in {}) left.push(name);
  for (const type of [Object, Array, String, Promise, Error]) if (Object.hasOwn(type.prototype, 'toJSON') || type !== Promise && Object.hasOwn(type.prototype, 'then')) left.push(type.name);
  return { left, answer: await call('echo', [1, { a: 'b' }]), sum: [1, 2].map((x) => x + 1) };
};`;

describe.each<EngineName>(['quickjs-wasi', 'quickjs-emscripten'])('hostile programs in %s', (engine) => {
  let factory: SandboxFactory;
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  afterAll(() => clearInterval(watch));
  const baseline = Object.getOwnPropertyNames(Object.prototype).length;
  let atFirst: Held;
  beforeAll(async () => {
    // The threads that Node keeps for files are there from the first sandbox on, and are not ours to end.
    const first = sandboxFactory(files, engine);
    await runGuest(first, innocent, { host: { call } });
    await first[Symbol.asyncDispose]();
    if (measurable) atFirst = held();
    factory = sandboxFactory(files, engine, { limits: { memoryBytes: 32 * 1024 * 1024, hostCalls: 200 } });
  });
  afterAll(() => factory[Symbol.asyncDispose]());

  it('begin when the host has had its first sandbox', async () => {
    expect((await runGuest(factory, innocent, { host: { call } })).error).toBeUndefined();
  });

  // The second engine is there for comparison: each of its programs has met the same limits in the first.
  it.each(engine === 'quickjs-wasi' ? sampled(hostilePrograms, 156) : sampled(hostilePrograms, 16))('$name', async ({ source, ends }) => {
    const before = (most = process.memoryUsage.rss());
    const outcome = await runGuest(factory, source, { host: { call }, limits: limitsFor(ends) });
    expect(ends.some((ending) => matches(outcome, ending)), JSON.stringify(endingOf(outcome)).slice(0, 300)).toBe(true);
    expect(outcome.run.outcome.clean).toBe(true);
    expect((most - before) / (1024 * 1024)).toBeLessThan(150);
    expect(outcome.usage.memoryBytes).toBeLessThanOrEqual(40 * 1024 * 1024);
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(baseline);
    const next = await runGuest(factory, innocent, { host: { call } });
    expect(next.result?.value).toEqual({ left: [], answer: [1, { a: 'b' }], sum: [2, 3] });
  });

  it('are at least 150, each of its own name', () => {
    expect(hostilePrograms.length).toBeGreaterThanOrEqual(150);
    expect(new Set(hostilePrograms.map(({ name }) => name)).size).toBe(hostilePrograms.length);
  });

  it.runIf(measurable)('leave no worker, no memory and no timer behind once their sandboxes are gone', async () => {
    expect(held().addressSpaceGiB, 'there is something to be seen').toBeGreaterThan(atFirst.addressSpaceGiB + perMemory / 2);
    await factory[Symbol.asyncDispose]();
    expect(await leftSince(atFirst)).toEqual([]);
  });
});
