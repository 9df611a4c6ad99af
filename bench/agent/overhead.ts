import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { scriptedServer } from '../../test/fixtures/models/scripted-server.ts';
import { fileText, type LoopJob } from './loop-job.ts';
import type { LoopName } from './loops.ts';
import { median } from './median.ts';
import { ourLoop } from './our-loop.ts';
import { startModel } from './scripted-model.ts';

/** A short task shows what beginning and ending cost, a long one what grows with the conversation. */
const lengths = [{ turns: 10, warmUps: 20, rounds: 60 }, { turns: 100, warmUps: 5, rounds: 20 }] as const;
const peers = ['AI SDK generateText', 'AI SDK streamText', '@openai/agents', 'LangGraph.js'] as const satisfies readonly LoopName[];

interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export async function overhead() {
  const rows = [];
  for (const length of lengths) rows.push(...(await overheadOf(length)));
  return rows;
}

/** Time per turn of the same job, by turns, so that a busy machine slows all of them. */
async function overheadOf({ turns, warmUps, rounds }: (typeof lengths)[number]) {
  const folder = await mkdtemp(join(tmpdir(), 'ia-bench-agent-'));
  const started: LoopProcess[] = [];
  try {
    await writeFile(join(folder, 'data.txt'), fileText(turns));
    await using model = await startModel(turns);
    const job: LoopJob = { baseUrl: model.baseUrl, folder, turns, ...(await given(folder)) };
    for (const name of ['ours', ...peers] as const) started.push(await LoopProcess.start(name, job));
    for (let round = -warmUps; round < rounds; round++) {
      for (let i = 0; i < started.length; i++) await started[(i + round + warmUps) % started.length]!.measure(round >= 0);
    }
    const perTurn = (name: LoopName, of: keyof Sample) => median(started.find((each) => each.name === name)!.samples.map((sample) => sample[of])) / (turns + 1);
    return (['wallMs', 'cpuMs'] as const).flatMap((of) => peers.map((peer) => ({
      bench: `loop over a model without delay, ${turns} turns, ${of === 'wallMs' ? 'wall time' : 'CPU time'} per turn`, unit: 'ms', ours: perTurn('ours', of), peer: perTurn(peer, of), peerName: peer,
      ratio: perTurn('ours', of) / perTurn(peer, of), n: rounds,
    })));
  } finally {
    for (const each of started) await each.end();
    await rm(folder, { recursive: true, force: true });
  }
}

class LoopProcess {
  readonly name: LoopName;
  readonly samples: Sample[] = [];
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  static async start(name: LoopName, job: LoopJob): Promise<LoopProcess> {
    const started = new LoopProcess(name, job);
    await started.#line();
    return started;
  }

  private constructor(name: LoopName, job: LoopJob) {
    this.name = name;
    this.#child = spawn(process.execPath, [fileURLToPath(new URL('loop-process.ts', import.meta.url)), JSON.stringify({ name, job })], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  async measure(counts: boolean): Promise<void> {
    this.#child.stdin.write('run\n');
    const sample = (await this.#line()) as Sample;
    if (counts) this.samples.push(sample);
  }

  async #line(): Promise<unknown> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`The loop of ${this.name} has ended before it was done; its error is above.`);
    return JSON.parse(value) as unknown;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin.end();
    await once(this.#child, 'exit');
  }
}

/** Instructions and definitions as the product sends them. */
async function given(folder: string): Promise<Pick<LoopJob, 'instructions' | 'tools'>> {
  await using server = await scriptedServer([{ text: ['Done.'] }]);
  const loop = await ourLoop({ baseUrl: server.baseUrl, folder, turns: 1 });
  await loop.run();
  await loop.close?.();
  const { messages, tools = [] } = server.requests[0]!.body;
  return { instructions: String(messages[0]!.content), tools: tools.map(({ function: { name, description, parameters } }) => ({ name, description, parameters: parameters as LoopJob['tools'][number]['parameters'] })) };
}
