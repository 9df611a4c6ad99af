import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { extensionUnderTest } from './extension-under-test.ts';
import { describe, it, note } from './spec.ts';

interface SetTimer {
  readonly kind: 'interval' | 'timeout';
  readonly ms: number;
  readonly stack: string;
}

/** What is set from now on, in the whole extension host: this module is loaded before the extension is activated. */
const intervals = new Map<unknown, SetTimer>();
let heard: SetTimer[] | undefined;

function watch<T extends typeof setTimeout | typeof setInterval>(original: T, kind: SetTimer['kind']): T {
  return new Proxy(original, {
    apply: (target, self: unknown, args: [() => void, number | undefined]) => {
      const timer: unknown = Reflect.apply(target as (...values: unknown[]) => unknown, self, args);
      const set = { kind, ms: Number(args[1] ?? 0), stack: new Error('set here').stack ?? '' };
      if (kind === 'interval') intervals.set(timer, set);
      heard?.push(set);
      return timer;
    },
  });
}
globalThis.setTimeout = watch(globalThis.setTimeout, 'timeout');
globalThis.setInterval = watch(globalThis.setInterval, 'interval');

const windowMs = 2000;
const slowEnoughMs = 30_000;

describe('the idle extension', () => {
  it('has no interval faster than 30 s, and sets no timer while nothing goes on', async () => {
    const extension = extensionUnderTest();
    await extension.activate();
    const ours = ({ stack }: SetTimer) => stack.includes(`${extension.extensionPath}/dist/`);
    // What other tests have begun may still be on its way out: what repeats is there in each of these looks.
    let seen: SetTimer[] = [];
    for (let look = 0; look < 8; look++) {
      heard = [];
      const before = process.cpuUsage();
      await sleep(windowMs);
      const { user, system } = process.cpuUsage(before);
      seen = heard.filter(ours);
      note(`look ${look + 1}: ${seen.length} timers of ours and ${heard.length} of all set in ${windowMs} ms; the whole extension host used ${((user + system) / 10 / windowMs).toFixed(2)} % of a processor`);
      if (seen.length === 0) break;
    }
    heard = undefined;
    assert.deepEqual(seen.map(({ kind, ms, stack }) => `${kind} of ${ms} ms: ${stack.split('\n')[3] ?? stack}`), []);
    const running = [...intervals].filter(([timer, set]) => ours(set) && set.ms < slowEnoughMs && isActive(timer)).map(([, { ms, stack }]) => `interval of ${ms} ms: ${stack}`);
    assert.deepEqual(running, []);
  }, 60_000);
});

/** Node marks a timer that was cleared. */
function isActive(timer: unknown): boolean {
  return (timer as { readonly _destroyed?: boolean } | undefined)?._destroyed !== true;
}
