import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelRequest } from '../../../src/models/model-client.ts';
import { addUsage, estimateInput, usageOf } from '../../../src/models/usage.ts';

const request: ModelRequest = { messages: [{ role: 'user', text: 'x'.repeat(40), images: [{ mediaType: 'image/png', base64: '' }] }], tools: [], toolChoice: 'auto' };

describe('the use of one request', () => {
  it('adds up to the whole input and is never negative, whatever was reported', () => {
    const count = fc.option(fc.nat(100_000), { nil: undefined });
    fc.assert(fc.property(fc.record({ input: count, cachedInput: count, cacheWrite: count, output: count, reasoning: count }), (reported) => {
      const usage = usageOf(reported, request, 80);
      expect(usage.uncachedInput + usage.cachedInput + usage.cacheWrite).toBe(reported.input || estimateInput(request));
      expect(Math.min(...Object.values(usage).filter((value) => typeof value === 'number'))).toBeGreaterThanOrEqual(0);
      expect(usage.mark).toBe(reported.input && reported.output !== undefined ? 'measured' : 'estimated');
    }));
  });

  it('is estimated at four characters a token and a thousand tokens a picture', () => {
    expect(usageOf({}, request, 80)).toEqual({ uncachedInput: 1010, cachedInput: 0, cacheWrite: 0, output: 20, reasoning: 0, mark: 'estimated' });
  });

  it('counts tools, earlier calls and results as input', () => {
    const more: ModelRequest = {
      ...request,
      tools: [{ name: 'read', description: 'Reads.', inputSchema: {} }],
      messages: [...request.messages, { role: 'assistant', text: '', calls: [{ id: 'a', name: 'read', input: { path: 'x'.repeat(400) } }] }, { role: 'tool', callId: 'a', name: 'read', text: 'y'.repeat(4000), failed: false }],
    };
    expect(estimateInput(more) - estimateInput(request)).toBeGreaterThan(1100);
  });

  it('is a sum that is measured only where both parts are', () => {
    const measured = usageOf({ input: 10, output: 5 }, request, 0);
    expect(addUsage(measured, measured)).toEqual({ uncachedInput: 20, cachedInput: 0, cacheWrite: 0, output: 10, reasoning: 0, mark: 'measured' });
    expect(addUsage(measured, usageOf({}, request, 0)).mark).toBe('estimated');
  });
});
