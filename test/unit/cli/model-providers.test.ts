import { expect, test } from 'vitest';
import { modelHint, modelProviders } from '../../../src/cli/model-providers.ts';

test('the hint of how to have a model names each variable of the environment that is understood, and no other', () => {
  const named = [...modelHint.matchAll(/\b[A-Z]+_[A-Z_]+\b/g)].map(([name]) => name);
  for (const name of named.filter((each) => each !== 'ASSASSIN_API_KEY')) expect(modelProviders({ [name]: 'a-key' }), name).toHaveLength(1);
  expect(modelProviders(Object.fromEntries(named.map((name) => [name, 'a-key'])), 'http://127.0.0.1:1/v1')).toHaveLength(named.length);
  expect(named).toEqual(expect.arrayContaining(['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GEMINI_API_KEY', 'OPENROUTER_API_KEY']));
});
