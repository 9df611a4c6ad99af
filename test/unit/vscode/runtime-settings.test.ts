import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/runtime-options.ts';
import { defaultBudget } from '../../../src/run/budget.ts';
import { defaultSandboxLimits } from '../../../src/sandbox/sandbox.ts';
import { absolutePath, runtimeSettings, type SettingsSource } from '../../../src/runtime-settings.ts';
import { toErrorInfo } from '../../../src/shared/errors.ts';
import { manifest } from '../../quality/manifest.ts';

const source = (chosen: Readonly<Record<string, unknown>> = {}, rules: ReturnType<SettingsSource['levels']> = []): SettingsSource => ({
  chosen: (name) => chosen[name], levels: (name) => (name === 'rules' ? rules : []),
});
const read = (chosen?: Readonly<Record<string, unknown>>, rules?: ReturnType<SettingsSource['levels']>) => runtimeSettings(source(chosen, rules), '/work', defaultSettings);
const failure = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail.');
};

describe('runtimeSettings', () => {
  it('leaves every default to the runtime', () => {
    expect(read()).toEqual({ rules: [], budget: {}, sandboxLimits: {}, mcpServers: [], browserPool: { keepReady: 'auto' }, maxConcurrentRuns: defaultSettings.maxConcurrentRuns, retention: defaultSettings.retention });
  });

  it('takes over what a person has set', () => {
    expect(read({ 'browser.path': ' /usr/bin/chromium ', 'budget.steps': 5, 'budget.moneyUsd': 0.5, 'sandbox.memoryMb': 16, 'sandbox.engine': 'quickjs-emscripten', 'runs.maxConcurrent': 2, 'retention.maxAgeDays': 7 })).toMatchObject({
      browserPath: '/usr/bin/chromium', budget: { steps: 5, moneyUsd: 0.5 }, sandboxLimits: { memoryBytes: 16 * 1024 * 1024 }, sandboxEngine: 'quickjs-emscripten',
      maxConcurrentRuns: 2, retention: { maxRuns: defaultSettings.retention.maxRuns, maxAgeDays: 7 },
    });
  });

  it('takes over what a person pays for models', () => {
    const prices = { 'corp/large': { input: 2, cachedInput: 0.2, output: 8, asOf: '2026-11-01', source: 'contract' } };
    expect(read({ 'models.prices': prices }).modelPrices).toEqual(prices);
  });

  it('takes over limits of all runs, and leaves out what is not limited', () => {
    expect(read({ 'budget.perDay': { moneyUsd: 5 } }).sharedBudget).toEqual({ perDay: { moneyUsd: 5 } });
    expect(read({ 'budget.perWorkspace': { tokens: 10, steps: 0 } }).sharedBudget).toEqual({ perWorkspace: { tokens: 10, steps: 0 } });
  });

  it.each([
    ['budget.steps', 'many'], ['budget.wallMs', 0], ['sandbox.memoryMb', 1.5], ['sandbox.engine', 'v8'], ['runs.maxConcurrent', -1], ['browser.path', 'chromium'], ['browser.path', 7],
    ['models.prices', { 'a/b': { input: 1 } }], ['models.prices', { 'a/b': { input: 1, output: 2, cached: 1 } }], ['models.prices', { b: { input: 1, output: 2 } }], ['models.prices', { 'a/b': { input: 1, output: 2, asOf: 'May' } }],
    ['budget.perDay', { tokens: -1 }], ['budget.perDay', { dollars: 5 }], ['budget.perWorkspace', 5],
  ])('names the setting %s where it is %j', (name, value) => {
    expect(failure(() => read({ [name]: value }))).toMatchObject({ code: 'invalid-config', data: { setting: `infrastructureAssassin.${name}` }, hint: expect.any(String) as string });
  });

  it.each([
    ['otlp.headers', { authorization: 'Bearer s3cr3t', retries: 3 }, /^The setting infrastructureAssassin\.otlp\.headers: what is set is wrong: retries: must be text/],
    ['otlp.endpoint', 'ftp://me:s3cr3t@traces.example', /^The setting infrastructureAssassin\.otlp\.endpoint: what is set is wrong: /],
    ['budget.steps', 'many', /: "many" is wrong: must be a number, not text/],
  ])('says what is wrong with %s, and repeats nothing that may be a secret', (name, value, pattern) => {
    const said = toErrorInfo(failure(() => read({ [name]: value }))).message;
    expect(said).toMatch(pattern);
    expect(said).not.toContain('s3cr3t');
  });

  it('keeps the rules of all levels: a workspace cannot drop a deny rule of the user', () => {
    const deny = { effect: 'deny', grant: 'net https://*.internal' };
    const allow = { effect: 'allow', grant: 'fs.read **' };
    expect(read({}, [{ origin: 'user settings', value: [deny] }, { origin: 'workspace settings', value: [allow] }]).rules)
      .toEqual([{ ...deny, origin: 'user settings' }, { ...allow, origin: 'workspace settings' }]);
  });

  it.each([
    [{ effect: 'forbid', grant: 'browser' }, /entry 2 in the user settings is not a rule/],
    ['deny browser', /entry 2 in the user settings is not a rule/],
    [{ effect: 'deny', grant: 'network' }, /entry 2 in the user settings: .*"network"/],
  ])('does not leave out a rule that it cannot read: %j', (rule, message) => {
    const error = failure(() => read({}, [{ origin: 'user settings', value: [{ effect: 'ask', grant: 'browser' }, rule] }]));
    expect(error).toMatchObject({ code: 'invalid-config', message: expect.stringMatching(message) as string });
  });

  it('takes a blank path for none', () => {
    expect(absolutePath(source({ dataDirectory: '  ' }), 'dataDirectory')).toBeUndefined();
    expect(absolutePath(source(), 'dataDirectory')).toBeUndefined();
  });
});

describe('settings of the manifest', () => {
  const defaults = Object.fromEntries(manifest.contributes.configuration.flatMap(({ properties }) => Object.entries(properties).map(([name, setting]) => [name.replace('infrastructureAssassin.', ''), setting.default])));

  it('show the defaults that are obeyed', () => {
    expect(defaults).toMatchObject({
      'budget.wallMs': defaultBudget.wallMs, 'budget.steps': defaultBudget.steps, 'budget.moneyUsd': defaultBudget.moneyUsd, 'budget.tokens': defaultBudget.tokens,
      'budget.browserSeconds': defaultBudget.browserSeconds, 'budget.egressBytes': defaultBudget.egressBytes,
      'sandbox.memoryMb': defaultSandboxLimits.memoryBytes / 1024 / 1024, 'sandbox.cpuMs': defaultSandboxLimits.cpuMs, 'sandbox.engine': defaultSettings.sandboxEngine ?? 'quickjs-wasi',
      'runs.maxConcurrent': defaultSettings.maxConcurrentRuns, 'retention.maxRuns': defaultSettings.retention.maxRuns, 'retention.maxAgeDays': defaultSettings.retention.maxAgeDays,
    });
  });

  it('are all restricted in untrusted workspaces but for those of lenses, of actions, of figures and of the key that sends, which run nothing', () => {
    const restricted = new Set(manifest.capabilities?.untrustedWorkspaces?.restrictedConfigurations);
    expect(Object.keys(defaults).filter((name) => !restricted.has(`infrastructureAssassin.${name}`))).toEqual(['savings.subscriptions', 'savings.coldStartSeconds', 'chat.sendWith', 'codeLens.chains', 'codeLens.mcpServers', 'codeLens.functions', 'codeLens.comments', 'codeLens.review', 'codeLens.verify', 'codeActions.enabled']);
  });
});
