import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { scriptedServer } from '../../test/fixtures/models/scripted-server.ts';
import { expected, fileText, turns, type LoopJob } from './loop-job.ts';
import type { LoopName } from './loops.ts';
import { median } from './median.ts';
import { ourLoop } from './our-loop.ts';
import { startModel } from './scripted-model.ts';

const warmUps = 10;
const rounds = 40;
const peers = ['AI SDK generateText', 'AI SDK streamText', '@openai/agents', 'LangGraph.js'] as const satisfies readonly LoopName[];

interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Time per turn of the same job, by turns, so that a busy machine slows all of them. */
export async function overhead() {
  const folder = await mkdtemp(join(tmpdir(), 'ia-bench-agent-'));
  const started: LoopProcess[] = [];
  try {
    await writeFile(join(folder, 'data.txt'), fileText);
    await using model = await startModel(turns);
    const job: LoopJob = { baseUrl: model.baseUrl, folder, ...(await given(folder)) };
    for (const name of ['ours', ...peers] as const) started.push(await LoopProcess.start(name, job));
    for (let round = -warmUps; round < rounds; round++) {
      for (let i = 0; i < started.length; i++) await started[(i + round + warmUps) % started.length]!.measure(round >= 0);
    }
    const perTurn = (name: LoopName, of: keyof Sample) => median(started.find((each) => each.name === name)!.samples.map((sample) => sample[of])) / (turns + 1);
    return (['wallMs', 'cpuMs'] as const).flatMap((of) => peers.map((peer) => ({
      bench: `loop over a model without delay, ${of === 'wallMs' ? 'wall time' : 'CPU time'} per turn`, unit: 'ms', ours: perTurn('ours', of), peer: perTurn(peer, of), peerName: peer,
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
  await using server = await scriptedServer([{ text: [expected] }]);
  const loop = await ourLoop({ baseUrl: server.baseUrl, folder });
  await loop.run();
  await loop.close?.();
  const { messages, tools = [] } = server.requests[0]!.body;
  return { instructions: String(messages[0]!.content), tools: tools.map(({ function: { name, description, parameters } }) => ({ name, description, parameters: parameters as LoopJob['tools'][number]['parameters'] })) };
}
