import { describe, expect, it } from 'vitest';
import { describeAttempt, layered, type ModelAttempt } from '../../../src/models/layer.ts';
import { standardLayers } from '../../../src/models/standard-layers.ts';
import { withFallback } from '../../../src/models/with-fallback.ts';
import { withRetry } from '../../../src/models/with-retry.ts';
import { withSingleFlight } from '../../../src/models/with-single-flight.ts';
import { withTimeouts } from '../../../src/models/with-timeouts.ts';
import { hear, request, withModel } from './with-model.ts';

const soon = { baseMs: 10 };

describe('asking again', () => {
  it('waits as long as the provider said, and then has the answer', async () => {
    await using model = await withModel([{ status: 429, headers: { 'retry-after-ms': '300' } }, { text: ['Here.'] }]);
    const attempts: ModelAttempt[] = [];
    const { text, error } = await hear(layered(model.client, withRetry(soon, (attempt) => attempts.push(attempt))));
    expect({ text, error }).toEqual({ text: 'Here.', error: undefined });
    const [first, second] = model.server.requests;
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(290);
    expect(attempts).toMatchObject([{ type: 'retry', model: 'test/scripted', attempt: 1, error: { code: 'model-rate-limited' } }]);
    expect(describeAttempt(attempts[0]!)).toMatch(/^test\/scripted: attempt 1 failed, the next one in 3\d\d ms\./);
    expect(describeAttempt({ ...attempts[0]!, type: 'retry', attempt: 1, waitMs: 1387, error: { code: 'model-unavailable', message: 'Gone.' } })).toBe('test/scripted: attempt 1 failed, the next one in 1.39 s. Gone.');
    expect(describeAttempt({ type: 'timed-out', model: 'test/scripted', limit: 'first-byte', afterMs: 120_000 })).toBe('test/scripted: did not begin to answer within 2 min; the request was ended.');
  });

  it('helps after failures of the server and of the connection', async () => {
    await using model = await withModel([{ status: 500 }, { reset: 'before-headers' }, { status: 503 }, { text: ['At last.'] }]);
    expect((await hear(layered(model.client, withRetry(soon)))).text).toBe('At last.');
    expect(model.server.requests).toHaveLength(4);
  });

  it('ends after the last attempt with the last error', async () => {
    await using model = await withModel(() => ({ status: 502 }));
    expect((await hear(layered(model.client, withRetry({ ...soon, attempts: 3 })))).error).toMatchObject({ code: 'model-unavailable', data: { status: 502 } });
    expect(model.server.requests).toHaveLength(3);
  });

  it.each([401, 403, 400, 404, 422])('is never done after %i', async (status) => {
    await using model = await withModel(() => ({ status }));
    expect((await hear(layered(model.client, withRetry(soon)))).error?.data).toMatchObject({ status });
    expect(model.server.requests).toHaveLength(1);
  });

  it('is never done once a part of the answer was seen', async () => {
    await using model = await withModel([{ text: ['Once ', 'upon ', 'a ', 'time'], reset: 'mid-stream' }, { text: ['Once upon a time'] }]);
    const { text, error } = await hear(layered(model.client, withRetry(soon)));
    expect(error?.code).toBe('model-unavailable');
    expect(text.match(/Once/g)).toHaveLength(1);
    expect(model.server.requests).toHaveLength(1);
  });

  it('is left to the person where the provider wants a long wait', async () => {
    await using model = await withModel([{ status: 429, headers: { 'retry-after': '3600' } }]);
    expect((await hear(layered(model.client, withRetry(soon)))).error?.data).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(model.server.requests).toHaveLength(1);
  });

  it('is done once after silence, and not after an answer that never ended', async () => {
    await using silent = await withModel(() => ({ stall: 'before-first-byte' }));
    expect((await hear(layered(silent.client, withRetry(soon), withTimeouts({ firstByteMs: 100 })))).error?.data).toMatchObject({ timeout: 'first-byte' });
    expect(silent.server.requests).toHaveLength(2);
    await using endless = await withModel(() => ({ stall: 'before-first-byte' }));
    expect((await hear(layered(endless.client, withRetry(soon), withTimeouts({ totalMs: 100 })))).error?.data).toMatchObject({ timeout: 'total' });
    expect(endless.server.requests).toHaveLength(1);
  });

  it('stops waiting when it is cancelled', async () => {
    await using model = await withModel([{ status: 429, headers: { 'retry-after': '30' } }]);
    const ending = new AbortController();
    const reason = new Error('enough');
    const client = layered(model.client, withRetry(soon, () => ending.abort(reason)));
    await expect(hear(client, request(), ending.signal)).rejects.toBe(reason);
    expect(model.server.requests).toHaveLength(1);
  });
});

describe('the next model', () => {
  it('answers where the first one fails, whatever the reason', async () => {
    await using first = await withModel([{ status: 401 }, { status: 400 }, { status: 500 }, { status: 429 }]);
    await using second = await withModel(() => ({ text: ['From the second.'] }));
    const attempts: ModelAttempt[] = [];
    const client = layered(first.client, withFallback([second.client], (attempt) => attempts.push(attempt)));
    for (let i = 0; i < 4; i++) expect((await hear(client)).text).toBe('From the second.');
    expect(attempts.map((attempt) => attempt.type === 'fallback' && attempt.error.code)).toEqual(['model-auth', 'model-refused', 'model-unavailable', 'model-rate-limited']);
  });

  it('is not asked once the first one has said something', async () => {
    await using first = await withModel([{ text: ['a', 'b', 'c', 'd'], reset: 'mid-stream' }]);
    await using second = await withModel([{ text: ['x'] }]);
    expect((await hear(layered(first.client, withFallback([second.client])))).error?.code).toBe('model-unavailable');
    expect(second.server.requests).toHaveLength(0);
  });

  it('gives its own error where it fails too', async () => {
    await using first = await withModel([{ status: 500 }]);
    await using second = await withModel([{ status: 401 }]);
    expect((await hear(layered(first.client, withFallback([second.client])))).error?.code).toBe('model-auth');
  });

  it('is not asked after a cancel', async () => {
    await using first = await withModel([{ stall: 'before-headers' }]);
    await using second = await withModel([{ text: ['x'] }]);
    const reason = new Error('enough');
    const ending = new AbortController();
    const heard = hear(layered(first.client, withFallback([second.client])), request(), ending.signal);
    while (first.server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    ending.abort(reason);
    await expect(heard).rejects.toBe(reason);
    expect(second.server.requests).toHaveLength(0);
    await first.server.idle();
  });
});

describe('identical requests at the same time', () => {
  const text = ['One ', 'answer ', 'for ', 'all.'];

  it('are one request, and each reader has the whole answer', async () => {
    await using model = await withModel([{ text, bytesPerWrite: 60, pauseMs: 5 }]);
    const attempts: ModelAttempt[] = [];
    const client = layered(model.client, withSingleFlight((attempt) => attempts.push(attempt)));
    const heard = await Promise.all([hear(client), hear(client), hear(client)]);
    for (const one of heard) expect(one).toMatchObject({ text: text.join(''), finish: { reason: 'stop' } });
    expect(model.server.requests).toHaveLength(1);
    expect(attempts).toHaveLength(2);
  });

  it('are asked again once the answer is over, and never shared with different ones', async () => {
    await using model = await withModel(() => ({ text }));
    const client = layered(model.client, withSingleFlight());
    await Promise.all([hear(client, request('a')), hear(client, request('b'))]);
    await hear(client, request('a'));
    expect(model.server.requests).toHaveLength(3);
  });

  it('survive a reader that gives up, and end with the last one', async () => {
    await using model = await withModel([{ text: ['a', 'b', 'c', 'd'], stall: 'mid-stream' }]);
    const client = layered(model.client, withSingleFlight());
    const endings = [new AbortController(), new AbortController()];
    const heard = endings.map(async ({ signal }) => {
      for await (const event of client.stream(request(), signal)) if (event.type === 'finish') return;
    });
    while (model.server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    endings[0]!.abort(new Error('first'));
    await expect(heard[0]).rejects.toThrow('first');
    expect(model.server.open()).toBe(1);
    endings[1]!.abort(new Error('second'));
    await expect(heard[1]).rejects.toThrow('second');
    await model.server.idle();
  });

  it('fail together', async () => {
    await using model = await withModel([{ status: 401 }]);
    const client = layered(model.client, withSingleFlight());
    for (const { error } of await Promise.all([hear(client), hear(client)])) expect(error?.code).toBe('model-auth');
    expect(model.server.requests).toHaveLength(1);
  });
});

describe('all layers together', () => {
  it('give up on a silent attempt, ask again, and then ask the next model', async () => {
    await using first = await withModel(() => ({ stall: 'before-first-byte' }));
    await using second = await withModel([{ status: 500 }, { text: ['Here.'] }]);
    const attempts: ModelAttempt[] = [];
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    const client = standardLayers(first.client, { fallback: [second.client], timeouts: { firstByteMs: 150 }, retry: { attempts: 2, baseMs: 10 }, onAttempt: (attempt) => attempts.push(attempt) });
    expect((await hear(client)).text).toBe('Here.');
    expect(attempts.map(({ type }) => type)).toEqual(['timed-out', 'retry', 'timed-out', 'fallback', 'retry']);
    await first.server.idle();
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
