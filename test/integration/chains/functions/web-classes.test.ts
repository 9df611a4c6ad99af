import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainTest } from '../../../helpers/chains.ts';
import { servedTest } from '../../../helpers/functions.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../../helpers/sandbox.ts';

let sandbox: SandboxFiles;
beforeAll(async () => void (sandbox = await buildSandboxFiles()));
afterAll(() => sandbox[Symbol.dispose]());

/** Each is run by Node and, as text, in a sandbox: they use nothing but the classes, and both must say the same. */
const programs: Readonly<Record<string, () => unknown>> = {
  'forms hold names, texts and files': async () => {
    const form = new FormData();
    form.append('a', '1');
    form.append('a', '2');
    form.set('b', 'x');
    form.append('f', new Blob(['hé'], { type: 'Text/Plain' }));
    form.append('f', new File(['abc'], 'n.bin'), 'other.bin');
    form.set('a', 'only');
    form.delete('b');
    const seen: unknown[] = [];
    for (const [name, value] of form) seen.push([name, typeof value === 'string' ? value : [value.name, value.type, value.size, await value.text()]]);
    return [seen, form.get('none'), form.getAll('f').length, form.has('a'), form.has('b'), [...form.keys()]];
  },
  'forms travel as multipart and come back': async () => {
    const form = new FormData();
    form.append('text "quoted"\r\n', 'line\nline\r\nü');
    form.append('file', new File([new Uint8Array([0, 13, 10, 45, 45, 255])], 'a "b".bin', { type: 'application/x-own' }));
    form.append('empty', new File([], 'e.txt'));
    const response = new Response(form);
    const type = response.headers.get('content-type') ?? '';
    const back = await response.formData();
    const rows: unknown[] = [];
    for (const [name, value] of back) rows.push([name, typeof value === 'string' ? value : [value.name, value.type, [...new Uint8Array(await value.arrayBuffer())]]]);
    return [type.startsWith('multipart/form-data; boundary='), rows];
  },
  'what other programs send as multipart is read': async () => {
    const body = 'preamble\r\n--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XX\r\ncontent-disposition: form-data; name="f"; filename="x.txt"\r\nContent-Type: text/csv\r\n\r\nq;w\r\n--XX--\r\n';
    const form = await new Request('http://x/', { method: 'POST', body: body.slice(10), headers: { 'content-type': 'multipart/form-data; boundary=XX' } }).formData();
    const file = form.get('f') as File;
    return [form.get('a'), file.name, file.type, await file.text()];
  },
  'forms of the other kind are read': async () => [...(await new Response(new URLSearchParams({ a: '1 &', b: 'ü' })).formData())],
  'bodies that are no form say so': async () => {
    const outcomes: string[] = [];
    for (const body of [new Response('x'), new Response('x', { headers: { 'content-type': 'multipart/form-data; boundary=q' } }), new Response('x', { headers: { 'content-type': 'multipart/form-data' } })]) outcomes.push(await body.formData().then(() => 'read', (error: Error) => error.name));
    return outcomes;
  },
  'blobs are bytes with a type': async () => {
    const blob = new Blob(['ab', new Uint8Array([99, 100]), new Blob(['ef']), new Uint16Array([0x6867]).buffer], { type: 'TEXT/x' });
    const part = blob.slice(1, -1, 'a/b');
    const chunks: number[] = [];
    for await (const chunk of blob.stream()) chunks.push(...chunk);
    return [blob.size, blob.type, await blob.text(), await part.text(), part.type, chunks, await new Response(blob).text(), new Response(blob).headers.get('content-type'), (await new Response('x', { headers: { 'content-type': 'a/b' } }).blob()).type];
  },
  'streams are read by a loop or a reader': async () => {
    const numbers = () => {
      let n = 0;
      return new ReadableStream<number>({ pull: (controller) => (n === 3 ? controller.close() : controller.enqueue(n++)) });
    };
    const looped: number[] = [];
    for await (const n of numbers()) looped.push(n);
    const reader = numbers().getReader();
    const first = await reader.read();
    reader.releaseLock();
    return [looped, first, await reader.read().catch((error: Error) => error.name)];
  },
  'streams start, wait, fail and are cancelled': async () => {
    const seen: unknown[] = [];
    const late = new ReadableStream<string>({ start: (controller) => void setTimeout(() => (controller.enqueue('late'), controller.close()), 5) });
    for await (const chunk of late) seen.push(chunk);
    const failing = new ReadableStream({ pull: () => Promise.reject(new RangeError('no')) });
    seen.push(await failing.getReader().read().catch((error: Error) => error.message));
    const endless = new ReadableStream<number>({ pull: (controller) => controller.enqueue(1), cancel: (reason) => void seen.push(['cancelled', reason === undefined]) });
    for await (const n of endless) {
      seen.push(n);
      break;
    }
    seen.push(endless.locked, await endless.getReader().read());
    return seen;
  },
  'streams are made from generators, and split in two': async () => {
    async function* words() {
      yield 'a';
      await Promise.resolve();
      yield 'b';
    }
    const stream: ReadableStream<string> = Reflect.apply(Reflect.get(ReadableStream, 'from'), ReadableStream, [words()]);
    const [one, two] = stream.tee();
    const read = async (branch: ReadableStream<string>) => {
      const all: string[] = [];
      for await (const word of branch) all.push(word);
      return all;
    };
    return [await read(one), await read(two)];
  },
  'bodies are streams': async () => {
    const request = new Request('http://x/', { method: 'POST', body: 'text' });
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of request.body!) text += decoder.decode(chunk);
    const source = new ReadableStream<Uint8Array>({ start: (controller) => (controller.enqueue(new TextEncoder().encode('str')), controller.enqueue(new TextEncoder().encode('eam')), controller.close()) });
    const response = new Response(source);
    const copy = response.clone();
    return [text, request.bodyUsed, await request.text().catch((error: Error) => error.name), await response.text(), await copy.text(), response.bodyUsed, new Response(null).body, response.headers.get('content-type')];
  },
  'a body is read once': async () => {
    const response = new Response('{"a":1}');
    const value: unknown = await response.json();
    return [value, response.bodyUsed, await response.text().catch((error: Error) => error.name), await Promise.resolve().then(() => response.clone()).then(() => 'cloned', (error: Error) => error.name)];
  },
  'a body of text chunks is refused': async () => new Response(new ReadableStream({ start: (controller) => (controller.enqueue('text'), controller.close()) })).text().catch((error: Error) => error.name),
};

describe('the classes of the web, in the sandbox and in Node', () => {
  it.each(Object.entries(programs))('%s', async (_name, program) => {
    await using test = await chainTest(sandbox, { 'main.ts': `export const fetch = async () => Response.json(await (${program.toString()})());` });
    const handle = await test.runtime.functions.start('main.ts', 'fetch', { event: {} });
    const { result, error } = await handle.outcome;
    expect(error).toBeUndefined();
    expect(JSON.parse((result as { readonly body: string }).body)).toEqual(JSON.parse(JSON.stringify(await program())));
  });

  it('are not there where no requests are answered, and say what is', async () => {
    await using test = await chainTest(sandbox, { 'main.ts': 'export const form = () => new FormData();\nexport const blob = () => new Blob([]);\nexport const stream = () => new ReadableStream();\nexport const fetch = () => new WritableStream();' });
    const message = async (name: string) => (await (await test.runtime.functions.start('main.ts', name, name === 'fetch' ? { event: {} } : [])).outcome).error?.message;
    expect(await message('form')).toContain('Only functions that answer requests have FormData');
    expect(await message('blob')).toContain('Only functions that answer requests have Blob');
    expect(await message('stream')).toContain('use async generators');
    expect(await message('fetch')).toContain('There are no streams to write to here');
  });
});

describe('a form that is sent to a served function', () => {
  it('is read with its files, byte for byte, and one can be sent back', async () => {
    await using served = await servedTest(sandbox, `export default { async fetch(request: Request) {
      const form = await request.formData();
      const file = form.get('file') as File;
      const back = new FormData();
      back.append('name', file.name);
      back.append('sum', String((await file.bytes()).reduce((a, b) => a + b, 0)));
      back.append('file', file);
      return new Response(back);
    } };`);
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256);
    const form = new FormData();
    form.append('file', new File([bytes], 'data ü.bin', { type: 'application/x-own' }));
    const answer = await fetch(served.url, { method: 'POST', body: form, headers: { authorization: `Bearer ${served.token}` } });
    const back = await answer.formData();
    expect([back.get('name'), back.get('sum')]).toEqual(['data ü.bin', String(bytes.reduce((a, b) => a + b, 0))]);
    expect(new Uint8Array(await (back.get('file') as File).arrayBuffer())).toEqual(bytes);
  });

  it('may answer with an async generator', async () => {
    await using served = await servedTest(sandbox, "export function fetch() {\n  async function* lines() { const encoder = new TextEncoder(); for (const line of ['a', 'b']) yield encoder.encode(line + '\\n'); }\n  return new Response(ReadableStream.from(lines()), { headers: { 'content-type': 'text/plain' } });\n}");
    expect(await served.call('/')).toMatchObject({ status: 200, text: 'a\nb\n', headers: { 'content-type': 'text/plain' } });
  });

  it('ends with the time of its call where its stream never does', async () => {
    await using served = await servedTest(sandbox, 'export const fetch = () => new Response(new ReadableStream({ pull: (controller) => new Promise((resolve) => setTimeout(() => resolve(controller.enqueue(new Uint8Array(1))), 5)) }));', { timeoutMs: 400 });
    expect((await served.call('/')).status).toBe(504);
    expect((await served.stop()).outcome).toMatchObject({ state: 'done', clean: true });
  });
});
