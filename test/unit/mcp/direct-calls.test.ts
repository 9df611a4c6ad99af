import type { JSONRPCMessage } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallClock } from '../../../src/mcp/call-clock.ts';
import { DirectCalls, type DirectCall } from '../../../src/mcp/direct-calls.ts';
import { plainResult } from '../../../src/mcp/plain-result.ts';

const text = { content: [{ type: 'text', text: 'fine' }] };

let sent: JSONRPCMessage[];
let direct: DirectCalls;
let clocks: DisposableStack;
beforeEach(() => {
  clocks = new DisposableStack();
  sent = [];
  direct = new DirectCalls((message) => void sent.push(message));
});
afterEach(() => clocks.dispose());

/** What gives up a call with this signal. */
function clockOf(signal = new AbortController().signal): CallClock {
  const clock = new CallClock({ silenceMs: 60_000, wholeMs: 60_000 });
  clocks.use(clock).follow(signal);
  return clock;
}

function call(options: Partial<DirectCall> = {}) {
  const told: number[] = [];
  const args = { message: 'x' };
  const outcome = direct.call({ name: 'echo', arguments: args, meta: {}, end: clockOf(), onProgress: ({ progress }) => void told.push(progress), ...options });
  // A failure is looked at where a test is about it.
  outcome.catch(() => undefined);
  const { id } = sent.at(-1) as { readonly id: number };
  return { outcome, told, args, id };
}

const answer = (id: unknown, result: unknown) => direct.take({ jsonrpc: '2.0', id, result });

describe('an answer that is plain text', () => {
  it('settles its call, and nobody else hears it', async () => {
    const [first, second] = [call(), call()];
    expect(first.id).not.toBe(second.id);
    expect(answer(second.id, { content: [{ type: 'text', text: 'second' }] })).toBe(true);
    expect(answer(first.id, text)).toBe(true);
    await expect(first.outcome).resolves.toEqual(text);
    await expect(second.outcome).resolves.toEqual({ content: [{ type: 'text', text: 'second' }] });
  });

  it('is nobody\'s the second time: the library hears it as a stray', async () => {
    const { outcome, id } = call();
    answer(id, text);
    await outcome;
    expect(answer(id, text)).toBe(false);
  });
});

describe('that an answer is there', () => {
  it.each([['plain text', text], ['something else', { content: [{ type: 'image', data: '', mimeType: 'image/png' }] }]])('is told at once where it is %s, and of no other call', async (_, result) => {
    const order: string[] = [];
    const { outcome, id } = call({ near: { tell: () => void order.push('near') } });
    call({ near: { tell: () => void order.push('other') } });
    direct.take({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: id, progress: 1 } });
    answer(12, result);
    expect(order).toEqual([]);
    const judged = outcome.then(() => order.push('answer'));
    answer(id, result);
    expect(order).toEqual(['near']);
    await judged;
    answer(id, result);
    expect(order).toEqual(['near', 'answer']);
  });
});

describe('any other answer', () => {
  it.each([
    ['an error', { error: { code: -32000, message: 'no' } }],
    ['a question', { result: { resultType: 'input_required', requestState: 's' } }],
    ['what is no result', { result: 42 }],
  ])('is kept for the library where it is %s, and handed out once as an answer to the same question', async (_, rest) => {
    const { outcome, args, id } = call();
    expect(direct.take({ jsonrpc: '2.0', id, ...rest })).toBe(true);
    await expect(outcome).resolves.toBeUndefined();
    const again: JSONRPCMessage = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'echo', arguments: args } };
    expect(direct.answerTo({ ...again, params: { name: 'echo', arguments: { ...args } } })).toBeUndefined();
    expect(direct.answerTo(again)).toEqual({ jsonrpc: '2.0', id: 7, ...rest });
    expect(direct.answerTo(again)).toBeUndefined();
  });
});

describe('what is no answer to one of these calls', () => {
  it.each([
    ['another id', { jsonrpc: '2.0', id: 3, result: text }],
    ['no version', { id: 1_500_000_000, result: text }],
    ['a question of the server under the same id', { jsonrpc: '2.0', id: 1_500_000_000, method: 'ping' }],
    ['more parts than an answer has', { jsonrpc: '2.0', id: 1_500_000_000, result: text, error: { code: 1, message: '' } }],
    ['progress of nobody', { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 3, progress: 1 } }],
    ['progress without a number', { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1_500_000_000, progress: 'half' } }],
    ['no object', 'text'],
  ])('is left to the library: %s', (_, message) => {
    const { told } = call();
    expect(direct.take(message)).toBe(false);
    expect(told).toEqual([]);
  });
});

it('tells of progress under the id of the call', () => {
  const { told, id } = call();
  expect(sent.at(-1)).toMatchObject({ params: { _meta: { progressToken: id } } });
  expect(direct.take({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: id, progress: 0.5, total: 1 } })).toBe(true);
  expect(told).toEqual([0.5]);
});

describe('a call that ends before its answer', () => {
  it('rejects with the reason of its signal, and the server is told; what it answers afterwards is a stray', async () => {
    const abort = new AbortController();
    const { outcome, id } = call({ end: clockOf(abort.signal), meta: { version: '2026' } });
    abort.abort(new Error('enough'));
    await expect(outcome).rejects.toThrow('enough');
    expect(sent.at(-1)).toMatchObject({ method: 'notifications/cancelled', params: { requestId: id, _meta: { version: '2026' } } });
    expect(answer(id, text)).toBe(false);
  });

  it('is not sent where its signal has aborted already', async () => {
    await expect(direct.call({ name: 'echo', arguments: {}, meta: {}, end: clockOf(AbortSignal.abort(new Error('too late'))), onProgress: () => undefined })).rejects.toThrow('too late');
    expect(sent).toEqual([]);
  });

  it('rejects where the connection ends, and where nothing can be sent', async () => {
    const { outcome } = call();
    direct.lost(new Error('closed'));
    await expect(outcome).rejects.toThrow('closed');
    const broken = new DirectCalls((_message, _end, failed) => failed(new Error('the input is closed')));
    await expect(broken.call({ name: 'echo', arguments: {}, meta: {}, end: clockOf(), onProgress: () => undefined })).rejects.toThrow('the input is closed');
  });
});

describe('a plain result', () => {
  it.each([
    ['one text', text, text],
    ['texts that say a failure', { ...text, isError: true }, { ...text, isError: true }],
    ['said to be complete', { ...text, resultType: 'complete', _meta: { from: 'me' } }, { ...text, _meta: { from: 'me' } }],
    ['nothing', { content: [] }, { content: [] }],
  ])('is one with %s', (_, value, expected) => {
    expect(plainResult(value)).toEqual(expected);
  });

  it.each([
    ['structured content', { ...text, structuredContent: {} }],
    ['a picture', { content: [{ type: 'image', data: '', mimeType: 'image/png' }] }],
    ['annotations on a text', { content: [{ type: 'text', text: '', annotations: { priority: 9 } }] }],
    ['a text that is none', { content: [{ type: 'text', text: 1 }] }],
    ['another type of result', { ...text, resultType: 'task' }],
    ['a type of result that is none', { ...text, resultType: null }],
    ['a failure that is neither', { ...text, isError: 'yes' }],
    ['no content', {}],
    ['content that is no list', { content: 'fine' }],
    ['a list as meta', { ...text, _meta: [] }],
  ])('is none with %s', (_, value) => {
    expect(plainResult(value)).toBeUndefined();
  });
});
