import { expect, test } from 'vitest';
import type { RunSummary } from '../../../src/shared/dto.ts';
import { CommandLine } from './command-line.ts';

const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'answer', kind: 1, startTimeUnixNano: '1760000000000000000', endTimeUnixNano: '1760000001000000000' };
const trace = { resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }, scopeSpans: [{ spans: [span] }] }] };

test('a receiver that is stopped says that it stops, cancels nothing, and has kept what arrived', async () => {
  using cli = new CommandLine({});
  const token = 'a-token-of-this-test';
  const { child, finished, seen } = cli.start(['trace', 'receive', '--json'], { ASSASSIN_TOKEN: token });
  let stdout = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  await seen(`"${token}"`);
  const [, endpoint = ''] = /"endpoint":\s*"([^"]+)"/.exec(stdout) ?? [];
  const answer = await fetch(`${endpoint}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }, body: JSON.stringify(trace) });
  expect(answer.status).toBe(200);
  child.kill('SIGINT');
  const { code, stdout: told, stderr } = await finished;
  expect(code).toBe(0);
  expect(told).toMatch(/"spans":\s*1/);
  expect(stderr).toContain('Stopping: what has arrived is being written.');
  expect(stderr).not.toMatch(/cancel|destroying what the run created/i);
  const { document } = await cli.json<{ readonly items: readonly RunSummary[] }>(['runs', 'list']);
  expect(document.items).toMatchObject([{ kind: 'trace', title: 'answer', state: 'done' }]);
});
