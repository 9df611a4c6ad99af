// A model in a process of its own: what it costs to answer is not counted as anybody's loop. Arguments: calls before the last answer, and ms until each answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { scriptedServer, type RecordedRequest } from '../../test/fixtures/models/scripted-server.ts';

const [turns, delayMs] = [Number(process.argv[2]), Number(process.argv[3])];
/** Each result must be there, under the id of its call and with what it was asked for: a loop that loses any has not done the job. */
function resultsOf({ body }: RecordedRequest): number {
  const results = body.messages.filter(({ role }) => role === 'tool');
  for (const [i, { tool_call_id: id, content }] of results.entries()) {
    if (id !== `call_${i}` || !JSON.stringify(content).includes(`part ${i + 1} of the file`)) throw new Error(`Result ${i + 1} is not right: ${id} ${JSON.stringify(content)}`);
  }
  return results.length;
}

const server = await scriptedServer(async (request) => {
  if (delayMs > 0) await sleep(delayMs);
  const done = resultsOf(request);
  if (done >= turns) return { text: [`${done} parts were read.`] };
  return { calls: [{ id: `call_${done}`, name: 'read_file', arguments: { path: 'data.txt', from: done + 1, to: done + 1 } }] };
});
process.stdout.write(`${server.baseUrl}\n`);
process.stdin.on('end', () => void server[Symbol.asyncDispose]());
process.stdin.resume();
