import { describe, expect, it } from 'vitest';
import { ModelRegistry } from '../../../src/models/model-registry.ts';
import { Redactor } from '../../../src/policy/redact.ts';

describe('the rate of a listed model', () => {
  const registry = new ModelRegistry({ redactor: new Redactor(), discover: false, prices: { 'gateway/own': { input: 2, output: 8 } } });
  registry.configure([
    { kind: 'anthropic', name: 'anthropic', models: ['claude-sonnet-4-5', 'no-such-model'] },
    { kind: 'openai-compatible', name: 'gateway', baseUrl: 'https://models.company.example/v1', models: ['claude-sonnet-4-5', 'own'] },
    { kind: 'ollama', name: 'ollama', models: ['qwen3:8b'] },
  ]);
  registry.register({ name: 'vscode', list: () => Promise.resolve([{ id: 'vscode/x', provider: 'vscode', model: 'x', label: 'X' }]), client: () => Promise.reject(new Error('not asked')) });

  it('is that of the price table, or of the settings, nothing on this machine, and absent where nobody knows it', async () => {
    const rates = Object.fromEntries((await registry.list()).map(({ id, rate }) => [id, rate]));
    expect(rates['anthropic/claude-sonnet-4-5']!.input).toBeCloseTo(3, 6);
    expect(rates['anthropic/claude-sonnet-4-5']!.output).toBeCloseTo(15, 6);
    expect(rates['gateway/own']!.output).toBeCloseTo(8, 6);
    expect(rates['ollama/qwen3:8b']).toEqual({ input: 0, output: 0 });
    for (const unpriced of ['anthropic/no-such-model', 'gateway/claude-sonnet-4-5', 'vscode/x']) expect(rates[unpriced], unpriced).toBeUndefined();
  });
});
