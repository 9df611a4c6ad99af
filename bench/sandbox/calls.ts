import { compare, inTurns, type Row } from './measure.ts';
import { program, withOurSandboxes } from './our-sandbox.ts';
import { peerVersion } from './peer-packages.ts';
import { loadRun } from './run-package.ts';

const rounds = 7;
const ourCalls = 10_000;
const peerCalls = 2_000;
const atOnce = 32;

const inOrder = (calls: number, call: string) => `for (let i = 0; i < ${calls}; i++) await ${call};`;
const together = (calls: number, call: string) => `let left = ${calls}; await Promise.all(Array.from({ length: ${atOnce} }, async () => { while (left-- > 0) await ${call}; }));`;

/** Awaited calls of a host function that answers at once, from the worker to the host and back. Microseconds for each. */
export async function callRows(): Promise<readonly Row[]> {
  const { run } = await loadRun();
  const limits = { maxBridgeRequests: 100_000, maxInFlightBridgeRequests: atOnce };
  const peer = (body: string) => async () => {
    const { status } = await run({ source: `${body} return 1;`, hostFunctions: { host: { call: () => Promise.resolve(null) } }, limits });
    if (status !== 'completed') throw new Error(`run ended with ${status}.`);
  };
  const mine = (body: string) => program(`import { call } from 'assassin'; export default async () => { ${body} };`);
  return withOurSandboxes(async ({ inProduct }) => {
    const [ourOrder, ourTogether] = [mine(inOrder(ourCalls, "call('nothing', i)")), mine(together(ourCalls, "call('nothing', left)"))];
    const times = await inTurns([
      { name: 'ours in order', work: () => inProduct(ourOrder) },
      { name: 'peer in order', work: peer(inOrder(peerCalls, 'host.call(i)')) },
      { name: 'ours together', work: () => inProduct(ourTogether) },
      { name: 'peer together', work: peer(together(peerCalls, 'host.call(left)')) },
    ], rounds, 2);
    const each = (name: string, calls: number) => times.get(name)!.map((ms) => ms * 1000 / calls);
    const names = { unit: 'µs', peerName: peerVersion('run') };
    return [
      compare({ bench: 'awaited host calls, one after the other', ...names, ours: each('ours in order', ourCalls), peer: each('peer in order', peerCalls), target: 1 / 5 }),
      compare({ bench: `awaited host calls, ${atOnce} in flight`, ...names, ours: each('ours together', ourCalls), peer: each('peer together', peerCalls), target: 1 / 10 }),
    ];
  });
}
