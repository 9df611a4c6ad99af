import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { isolations } from './browser/browser-factory.ts';
import { keepReadyWords } from './browser/browser-pool.ts';
import { registriesSchema } from './mcp/catalog/registries.ts';
import { efforts } from './models/model-client.ts';
import { parseGrant } from './policy/grant.ts';
import type { RuntimeSettings } from './runtime-options.ts';
import { AssassinError, toErrorInfo } from './shared/errors.ts';
import { plainIssues } from './shared/plain-issue.ts';
import { headersSchema, otlpCompressions, otlpEncodings, type TraceExportSettings } from './telemetry/otlp/export-settings.ts';

/** In front of every setting, in the editor and in the files of the command line. */
const prefix = 'infrastructureAssassin';

export interface SettingsSource {
  /** What a person has set, `undefined` where nobody has: each default is written once, where it is obeyed. */
  chosen(name: string): unknown;
  /** The value of each level that has one, such as user and workspace. */
  levels(name: string): readonly { readonly origin: string; readonly value: unknown; /** Where each entry of a list is written, as a file with a line, as far as that is known. */ readonly places?: readonly (string | undefined)[] }[];
}

const count = z.int().min(1);
const amount = z.number().min(0);
const budgetKinds = { wallMs: count, steps: count, moneyUsd: amount, tokens: amount, browserSeconds: amount, egressBytes: amount };
/** Limits by name; a name that is none would be no limit, in silence. */
const sharedLimits = z.strictObject(Object.fromEntries(Object.entries(budgetKinds).map(([kind]) => [kind, amount.optional()])));
const engines = z.enum(['quickjs-wasi', 'quickjs-emscripten']);
const modelDefaults = { effort: z.enum(['', ...efforts]), fallback: z.array(z.string().min(1)) };
const perMillion = z.number().min(0);
/** By `provider/model`. A misspelt name would be another price, in silence. */
const tokenPrices = { input: perMillion, output: perMillion, cachedInput: perMillion.optional(), cacheWrite: perMillion.optional(), reasoning: perMillion.optional() };
const modelPrices = z.record(z.string().regex(/^[^/\s]+\/\S+$/, 'write provider/model'), z.strictObject({
  ...tokenPrices, tiers: z.record(z.string().min(1).max(60), z.strictObject(tokenPrices)).optional(), asOf: z.iso.date().optional(), source: z.string().min(1).max(200).optional(),
}));
const ruleSchema = z.object({ effect: z.enum(['allow', 'ask', 'deny']), grant: z.string() });

/** The runtime's settings but for its MCP servers. Throws `invalid-config` naming the setting: one that is left out in silence could be a deny rule. */
export function runtimeSettings(from: SettingsSource, workspace: string, defaults: RuntimeSettings): RuntimeSettings {
  const browserPath = absolutePath(from, 'browser.path');
  const browserIsolation = checked(from, 'browser.isolation', z.enum(isolations));
  // A window lives for hours, and whoever ran one chain with a browser is likely to run it again soon.
  const keepReady = checked(from, 'browser.keepReady', z.enum(keepReadyWords)) ?? 'auto';
  const allowBrowserLeaks = checked(from, 'browser.allowLeaks', z.boolean());
  const browserMirror = checked(from, 'browser.mirror', z.union([z.literal(''), z.url({ protocol: /^https?$/ })]));
  const memoryMb = checked(from, 'sandbox.memoryMb', count);
  const cpuMs = checked(from, 'sandbox.cpuMs', count);
  const approvalTimeoutSeconds = checked(from, 'approvals.timeoutSeconds', count);
  const sandboxEngine = checked(from, 'sandbox.engine', engines);
  const effort = checked(from, 'models.effort', modelDefaults.effort);
  const fallback = checked(from, 'models.fallback', modelDefaults.fallback);
  const models = { ...(effort === undefined || effort === '' ? {} : { effort }), ...(fallback === undefined || fallback.length === 0 ? {} : { fallback }) };
  const mcpRegistries = checked(from, 'mcp.registries', registriesSchema);
  const prices = checked(from, 'models.prices', modelPrices);
  const traceExport = traceExportOf(from);
  const budget = Object.entries(budgetKinds).map(([kind, schema]) => [kind, checked(from, `budget.${kind}`, schema)] as const);
  const perDay = checked(from, 'budget.perDay', sharedLimits);
  const perWorkspace = checked(from, 'budget.perWorkspace', sharedLimits);
  return {
    ...(browserPath === undefined ? {} : { browserPath }),
    browserPool: { keepReady },
    ...(browserIsolation === undefined ? {} : { browserIsolation }),
    ...(allowBrowserLeaks === undefined ? {} : { allowBrowserLeaks }),
    ...(browserMirror === undefined || browserMirror === '' ? {} : { browserMirror }),
    rules: rules(from, workspace),
    budget: Object.fromEntries(budget.filter(([, value]) => value !== undefined)),
    ...(perDay === undefined && perWorkspace === undefined ? {} : { sharedBudget: { ...(perDay === undefined ? {} : { perDay }), ...(perWorkspace === undefined ? {} : { perWorkspace }) } }),
    sandboxLimits: { ...(memoryMb === undefined ? {} : { memoryBytes: memoryMb * 1024 * 1024 }), ...(cpuMs === undefined ? {} : { cpuMs }) },
    ...(sandboxEngine === undefined ? {} : { sandboxEngine }),
    mcpServers: [],
    ...(mcpRegistries === undefined ? {} : { mcpRegistries }),
    ...(Object.keys(models).length === 0 ? {} : { modelDefaults: models }),
    ...(prices === undefined ? {} : { modelPrices: prices }),
    ...(approvalTimeoutSeconds === undefined ? {} : { approvalTimeoutSeconds }),
    ...(traceExport === undefined ? {} : { traceExport }),
    maxConcurrentRuns: checked(from, 'runs.maxConcurrent', count) ?? defaults.maxConcurrentRuns,
    retention: {
      maxRuns: checked(from, 'retention.maxRuns', count) ?? defaults.retention.maxRuns,
      maxAgeDays: checked(from, 'retention.maxAgeDays', count) ?? defaults.retention.maxAgeDays,
    },
  };
}

/** Off where no address is set, whatever else is. */
function traceExportOf(from: SettingsSource): TraceExportSettings | undefined {
  const endpoint = checked(from, 'otlp.endpoint', z.union([z.literal(''), z.url({ protocol: /^https?$/ })]));
  const rest = {
    headers: checked(from, 'otlp.headers', headersSchema) ?? {},
    encoding: checked(from, 'otlp.encoding', z.enum(otlpEncodings)) ?? 'protobuf',
    compression: checked(from, 'otlp.compression', z.enum(otlpCompressions)) ?? 'gzip',
    content: checked(from, 'otlp.content', z.boolean()) ?? false,
  } as const;
  return endpoint === undefined || endpoint === '' ? undefined : { endpoint, ...rest };
}

/** An absolute path, `undefined` where the setting is absent or blank. Throws `invalid-config`. */
export function absolutePath(from: SettingsSource, name: string): string | undefined {
  const path = checked(from, name, z.string())?.trim();
  if (path === undefined || path === '' || isAbsolute(path)) return path || undefined;
  throw wrong(name, `"${path}" is not an absolute path`, 'Write the whole path, or leave the setting empty.');
}

function checked<T>(from: SettingsSource, name: string, schema: z.ZodType<T>): T | undefined {
  const value = from.chosen(name);
  if (value === undefined || value === null) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw wrong(name, `${shown(value)} is wrong: ${plainIssues(result.error)}`, 'Correct it, or remove it for the default.');
}

/** What was set, where it can be no secret: headers may be one, and so may be what stands before the host of an address. */
function shown(value: unknown): string {
  const maybeSecret = typeof value === 'object' || (typeof value === 'string' && value.includes('@'));
  return maybeSecret ? 'what is set' : JSON.stringify(value);
}

/** The rules of all levels together. The editor's own way, where a workspace's list replaces the user's, would let a folder drop a deny rule. */
function rules(from: SettingsSource, workspace: string): RuntimeSettings['rules'] {
  return from.levels('rules').flatMap(({ origin, value, places }) => {
    if (!Array.isArray(value)) throw wrong('rules', `the value in the ${origin} is not a list`, 'Write [{ "effect": "deny", "grant": "net https://example.com" }].');
    return value.map((written: unknown, index) => {
      const rule = ruleSchema.safeParse(written);
      if (!rule.success) throw wrong('rules', `entry ${index + 1} in the ${origin} is not a rule`, 'Write { "effect": "deny", "grant": "net https://example.com" }.');
      try {
        parseGrant(rule.data.grant, workspace);
      } catch (error) {
        const { message, hint } = toErrorInfo(error);
        throw wrong('rules', `entry ${index + 1} in the ${origin}: ${message}`, hint ?? 'Correct the grant.', error);
      }
      return { ...rule.data, origin: places?.[index] ?? origin };
    });
  });
}

function wrong(name: string, what: string, hint: string, cause?: unknown): AssassinError {
  const setting = `${prefix}.${name}`;
  return new AssassinError('invalid-config', `The setting ${setting}: ${what.replace(/\.$/, '')}.`, { hint, data: { setting }, ...(cause === undefined ? {} : { cause }) });
}
