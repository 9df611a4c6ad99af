import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { CreateEngine } from './engine.ts';
import { GuestCell } from './guest-cell.ts';
import { Door, repliesAt } from './doorbell.ts';
import type { EngineName, FromWorker, ToWorker, WorkerData } from './protocol.ts';
import { ReplySlot } from './reply-box.ts';
import { systemThread } from './thread-cpu.ts';

if (parentPort === null) throw new Error('This file is the inside of a sandbox worker; it does nothing by itself.');
const port = parentPort;

/** An engine is loaded only by a worker that hosts it. */
const engines: Readonly<Record<EngineName, () => Promise<CreateEngine>>> = {
  'quickjs-wasi': async () => (await import('./engine-quickjs-wasi.ts')).createQuickjsWasi,
  'quickjs-emscripten': async () => (await import('./engine-quickjs-emscripten.ts')).createQuickjsEmscripten,
};

const { spec, doorbell, heartbeat }: WorkerData = workerData;
const replies = new ReplySlot(doorbell, repliesAt);
const cell = new GuestCell(spec, await engines[spec.engine](), post, heartbeat, () => replies.isAwaited);
// An answer that comes soon, or the next program, is taken in at the door: through the event loop it would take twice as long.
const door = new Door(doorbell, systemThread(), {
  isDue: () => cell.waitsForMessage,
  isAnswer: () => cell.hasGuest,
  takeIn: () => {
    const next: { readonly message: ToWorker } | undefined = receiveMessageOnPort(port);
    if (next !== undefined) hear(next.message);
    return next !== undefined;
  },
  answers: ({ count, id, json }) => cell.hear({ type: 'answers', count, id, json }),
  program: (json) => cell.hear({ type: 'run', ...JSON.parse(json) }),
});

function post(message: FromWorker): void {
  if (!replies.put(message)) send(message);
}

function send(message: FromWorker): void {
  replies.posts();
  if (message.type === 'parked') port.postMessage(message, [message.guest.memory.bytes.buffer]);
  else port.postMessage(message);
}

function hear(message: ToWorker): void {
  door.messageTaken(message.type === 'run');
  cell.hear(message);
}

port.on('message', (message: ToWorker) => {
  hear(message);
  door.attend();
});
await cell.prepare();
