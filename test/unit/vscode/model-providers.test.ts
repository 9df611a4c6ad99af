import { describe, expect, it } from 'vitest';
import { modelProviders } from '../../../src/vscode/models/model-providers.ts';
import { ModelKeys } from '../../../src/vscode/models/model-keys.ts';

const local = { kind: 'openai-compatible', name: 'local', baseUrl: 'http://127.0.0.1:1234/v1' } as const;

/** What the editor keeps, in memory. */
function storage() {
  const secrets = new Map<string, string>();
  const state = new Map<string, unknown>();
  return {
    secrets: {
      get: (key: string) => Promise.resolve(secrets.get(key)),
      store: (key: string, value: string) => Promise.resolve(void secrets.set(key, value)),
      delete: (key: string) => Promise.resolve(void secrets.delete(key)),
      onDidChange: () => ({ dispose: () => undefined }),
    },
    globalState: {
      keys: () => [...state.keys()],
      get: <T>(key: string, fallback?: T) => (state.get(key) ?? fallback) as T,
      update: (key: string, value: unknown) => Promise.resolve(void state.set(key, value)),
      setKeysForSync: () => undefined,
    },
    all: () => JSON.stringify([...state.values()]),
  };
}

describe('providers of models in the settings', () => {
  it('ask for their own key when it is needed', async () => {
    const [provider] = modelProviders([local], ({ name }) => Promise.resolve(`key of ${name}`));
    expect(await provider?.apiKey?.()).toBe('key of local');
  });

  it.each([
    ['a name that is there twice', [local, local]],
    ['the name of the editor', [{ ...local, name: 'vscode' }]],
    ['a key among them', [{ ...local, apiKey: 'sk-1' }]],
    ['no list', 'local'],
  ])('with %s are refused, naming the setting', (_what, value) => {
    expect(() => modelProviders(value, () => Promise.resolve(undefined))).toThrow(expect.objectContaining({ code: 'invalid-config', data: expect.objectContaining({ setting: 'infrastructureAssassin.models.providers' }) }));
  });
});

describe('keys of providers', () => {
  it('are given to the address that they were set for, and to no other', async () => {
    const keys = new ModelKeys(storage());
    await keys.set(local, 'sk-secret');
    expect(await keys.get(local)).toBe('sk-secret');
    expect(await keys.get({ ...local, baseUrl: 'http://127.0.0.1:1234/v1/' })).toBe('sk-secret');
    expect(await keys.get({ ...local, baseUrl: 'https://evil.example/v1' })).toBeUndefined();
    expect(await keys.get({ ...local, kind: 'anthropic' })).toBeUndefined();
  });

  it('are forgotten, and never in the part of the storage that is no secret', async () => {
    const store = storage();
    const keys = new ModelKeys(store);
    await keys.set(local, 'sk-secret');
    await keys.set(local, 'sk-other');
    expect(store.all()).not.toContain('sk-');
    expect(keys.stored()).toHaveLength(1);
    await keys.forget(keys.stored()[0]!);
    expect(await keys.get(local)).toBeUndefined();
    expect(keys.has(local)).toBe(false);
  });
});
