import { describe, expect, it } from 'vitest';
import { parseProviderSettings } from '../../../src/models/provider-settings.ts';

const keyOf = (name: string) => Promise.resolve(`key of ${name}`);

describe('providers in settings', () => {
  it('are read, each with its own key from elsewhere', async () => {
    const [first, second] = parseProviderSettings([{ kind: 'anthropic', name: 'claude' }, { kind: 'openai-compatible', name: 'lab', baseUrl: 'http://lab:8000/v1', models: ['m'] }], keyOf);
    expect(first).toMatchObject({ kind: 'anthropic', name: 'claude' });
    expect(second).toMatchObject({ baseUrl: 'http://lab:8000/v1', models: ['m'] });
    expect(await second?.apiKey?.()).toBe('key of lab');
  });

  it.each([
    [{}, /settings are wrong: must be a list, not an object/],
    [[{ kind: 'chatgpt', name: 'x' }], /at \[0\]\.kind: .*"openai-compatible"/],
    [[{ kind: 'ollama', name: 'a' }, { kind: 'ollama' }], /at \[1\]\.name/],
    [[{ kind: 'openai-compatible', name: 'x' }], /"x": baseUrl is missing/],
    [[{ kind: 'ollama', name: 'x', models: [''] }], /at \[0\]\.models\[0\]/],
  ])('that are wrong are refused with entry and field: %j', (value, message) => {
    expect(() => parseProviderSettings(value, keyOf)).toThrow(message);
  });

  it('with a key among them are refused with where the key belongs', () => {
    expect(() => parseProviderSettings([{ kind: 'anthropic', name: 'x', apiKey: 'sk-1' }], keyOf)).toThrow(expect.objectContaining({ code: 'invalid-config', hint: expect.stringContaining('secret store') }));
  });
});
