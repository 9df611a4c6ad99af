import { AssassinError } from '../shared/errors.ts';
import { defaultSandboxLimits, type SandboxLimits } from './sandbox.ts';

export type LimitName = keyof SandboxLimits;

const mebibyte = 1024 * 1024;

/** What a limit may be. Beyond the upper ends the engine's own guards no longer hold; below the lower ones not even an empty program starts. */
const ranges: Readonly<Record<LimitName, readonly [min: number, max: number]>> = {
  memoryBytes: [4 * mebibyte, 2048 * mebibyte],
  cpuMs: [1, 24 * 3_600_000],
  wallMs: [1, 24 * 3_600_000],
  // More than 512 KiB of guest stack would let V8's own stack overflow first: the engine could then no longer be trusted.
  stackBytes: [32 * 1024, 512 * 1024],
  sourceBytes: [1, 64 * mebibyte],
  outputBytes: [64, 64 * mebibyte],
  consoleBytes: [0, 64 * mebibyte],
  hostCalls: [0, 10_000_000],
  hostCallsInFlight: [1, 1024],
};

/** Later partial limits win. Throws `invalid-config` naming the field that is out of range. */
export function resolveLimits(...partials: readonly (Partial<SandboxLimits> | undefined)[]): SandboxLimits {
  const given = partials.flatMap((partial) => Object.entries(partial ?? {}).filter(([, value]) => value !== undefined));
  const limits: SandboxLimits = { ...defaultSandboxLimits, ...Object.fromEntries(given) };
  for (const [name, [min, max]] of Object.entries(ranges)) {
    const value = limits[name as LimitName];
    if (Number.isSafeInteger(value) && value >= min && value <= max) continue;
    throw new AssassinError('invalid-config', `The sandbox limit ${name} is ${value}, which is not a whole number from ${min} to ${max}.`, {
      hint: `Set ${name} to a number in that range.`,
      data: { limit: name, value },
    });
  }
  return limits;
}

const sentences: Readonly<Record<LimitName, (limit: string) => string>> = {
  memoryBytes: (limit) => `The chain used more memory than the ${limit} bytes that it may.`,
  cpuMs: (limit) => `The chain computed for longer than the ${limit} ms that it may.`,
  wallMs: (limit) => `The chain did not end within ${limit} ms.`,
  stackBytes: (limit) => `The chain called too deep: its stack may have ${limit} bytes.`,
  sourceBytes: (limit) => `The chain and its modules have more source text than the ${limit} bytes that they may.`,
  outputBytes: (limit) => `The chain handed over more than the ${limit} bytes of JSON that one value may have.`,
  consoleBytes: (limit) => `The chain wrote more to the console than the ${limit} bytes that it may.`,
  hostCalls: (limit) => `The chain made more than the ${limit} calls that it may.`,
  hostCallsInFlight: (limit) => `The chain has more than the ${limit} calls under way that it may.`,
};

const hints: Readonly<Record<LimitName, string>> = {
  memoryBytes: 'Work on smaller parts at a time',
  cpuMs: 'Look for a loop that does not end',
  wallMs: 'Look for a call that does not return',
  stackBytes: 'Look for a recursion that does not end',
  sourceBytes: 'Import less',
  outputBytes: 'Hand over a part, or what bigValue(text) gives',
  consoleBytes: 'Write less to the console',
  hostCalls: 'Look for a loop that does not end, or ask for more at a time',
  hostCallsInFlight: 'Wait for some calls before making more',
};

/** `sandbox-limit` with the field that was hit in `data.limit` and its value in `data.value`. */
export function limitError(limit: LimitName, limits: SandboxLimits): AssassinError {
  const value = limits[limit];
  return new AssassinError('sandbox-limit', sentences[limit](String(value)), { hint: `${hints[limit]}, or raise the sandbox limit ${limit}.`, data: { limit, value } });
}
