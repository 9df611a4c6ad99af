import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { ProcessGuard } from '../../../src/mcp/process-guard.ts';
import { StdioTransport } from '../../../src/mcp/stdio-transport.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-stdio-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const call = (id: number, text = ''): JSONRPCMessage => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'x', arguments: { text } } });

/** A program that writes down what it is told, as it comes. */
async function writer(work: (transport: StdioTransport) => Promise<void>): Promise<readonly JSONRPCMessage[]> {
  const heard = join(folder, 'heard');
  await using guard = new ProcessGuard(() => undefined);
  const transport = new StdioTransport({
    server: { type: 'stdio', command: process.execPath, args: ['-e', 'process.stdin.pipe(require("node:fs").createWriteStream(process.argv[1]))', heard], cwd: folder, env: { PATH: process.env['PATH'] ?? '' } },
    guard, onProcess: () => undefined, onLine: () => undefined, decode: () => undefined, answered: () => undefined,
  });
  try {
    await transport.start();
    await work(transport);
  } finally {
    await transport.destroy();
  }
  return readFileSync(heard, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as JSONRPCMessage);
}

describe.runIf(process.platform !== 'win32')('what is sent to a server that is a process', () => {
  it('arrives whole and in its order, also what many send in one turn and what is large', async () => {
    const large = 'größe '.repeat(50_000);
    const heard = await writer(async (transport) => {
      await Promise.all([1, 2, 3].map((id) => transport.send(call(id))));
      await transport.send(call(4, large));
      // The program must have read it all before its input is closed: it ends when it has.
      await transport.send(call(5));
    });
    expect(heard).toEqual([call(1), call(2), call(3), call(4, large), call(5)]);
  });

  it('fails for each that was sent when the server cannot be told any more', async () => {
    let failed: readonly PromiseSettledResult<void>[] = [];
    await writer(async (transport) => {
      await transport.destroy();
      failed = await Promise.allSettled([1, 2].map((id) => transport.send(call(id))));
    }).catch(() => undefined);
    expect(failed).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  });
});
