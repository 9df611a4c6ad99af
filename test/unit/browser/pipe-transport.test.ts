import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PipeTransport } from '../../../src/browser/pipe-transport.ts';

function transport(): { read: PassThrough; write: PassThrough; pipe: PipeTransport; messages: string[]; ends: number[] } {
  const [read, write] = [new PassThrough(), new PassThrough()];
  const pipe = new PipeTransport(write, read);
  const messages: string[] = [];
  const ends: number[] = [];
  pipe.onmessage = (message) => void messages.push(message);
  pipe.onclose = () => void ends.push(messages.length);
  return { read, write, pipe, messages, ends };
}

describe('the pipe to a browser', () => {
  it('puts messages together however they are cut, in the middle of a character too', async () => {
    const { read, messages } = transport();
    const bytes = Buffer.from('{"a":"é"}\0{"b":2}\0{"c"');
    for (const byte of bytes) read.write(Buffer.of(byte));
    read.write(':3}\0');
    while (messages.length < 3) await turn();
    expect(messages).toEqual(['{"a":"é"}', '{"b":2}', '{"c":3}']);
  });

  it('ends each message with a zero byte, and says once that it is closed', async () => {
    const { write, read, pipe, ends } = transport();
    pipe.send('{}');
    expect(String((await once(write, 'data'))[0])).toBe('{}\0');
    read.destroy();
    await once(read, 'close');
    pipe.close();
    pipe.send('into nothing');
    expect(ends).toHaveLength(1);
  });

  it('does not throw where the browser breaks the pipe', async () => {
    const { write, read, ends } = transport();
    write.destroy(new Error('EPIPE'));
    read.destroy(new Error('ECONNRESET'));
    await turn();
    expect(ends).toHaveLength(1);
  });
});
