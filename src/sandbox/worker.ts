import { parentPort, workerData } from 'node:worker_threads';
import type { CreateEngine } from './engine.ts';
import { Guest } from './guest.ts';
import type { EngineName, FromWorker, GuestSpec, ToWorker } from './protocol.ts';

if (parentPort === null) throw new Error('This file is the inside of a sandbox worker; it does nothing by itself.');
const port = parentPort;

/** An engine is loaded only by a worker that hosts it. */
const engines: Readonly<Record<EngineName, () => Promise<CreateEngine>>> = {
  'quickjs-wasi': async () => (await import('./engine-quickjs-wasi.ts')).createQuickjsWasi,
  'quickjs-emscripten': async () => (await import('./engine-quickjs-emscripten.ts')).createQuickjsEmscripten,
};

const spec: GuestSpec = workerData;
/** The guest that waits for a program, or runs it. One at a time: the next one is made once this one's memory is gone. */
let guest: Guest | undefined;

function post(message: FromWorker): void {
  port.postMessage(message);
  if (message.type === 'dropped') void prepare();
}

async function prepare(): Promise<void> {
  try {
    guest = await Guest.prepare(spec, await engines[spec.engine](), post);
    post({ type: 'prepared' });
  } catch (error) {
    post({ type: 'unprepared', message: error instanceof Error ? error.message : String(error) });
  }
}

port.on('message', (message: ToWorker) => {
  if (message.type === 'run') guest?.start(message.program, message.limits, message.heartbeat);
  else guest?.answer(message.answers);
});

await prepare();
