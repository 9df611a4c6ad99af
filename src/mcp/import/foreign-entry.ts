import * as z from 'zod';
import { ownEntry } from '../../shared/own-entry.ts';
import type { McpInput } from '../mcp-config.ts';
import type { McpClient } from './clients.ts';
import { SecretTaker, type LiteralSecret } from './literal-secrets.ts';

/** An entry as `.vscode/mcp.json` and the setting hold it. */
export type PortableEntry =
  | { readonly type: 'stdio'; readonly command: string; readonly args: readonly string[]; readonly cwd?: string; readonly env?: Readonly<Record<string, string | null>>; readonly envFile?: string; readonly disabled?: true }
  | { readonly type: 'http' | 'sse'; readonly url: string; readonly headers?: Readonly<Record<string, string>>; readonly disabled?: true };

export interface TranslatedEntry {
  readonly entry: PortableEntry;
  readonly inputs: readonly McpInput[];
  /** What the inputs stood for. Kept in memory only, until the person says where to. */
  readonly secrets: readonly LiteralSecret[];
  /** What of the entry was not taken over, and why, in sentences. */
  readonly notes: readonly string[];
}

const texts = z.record(z.string(), z.union([z.string(), z.number().transform(String), z.boolean().transform(String), z.null()]));
const common = { disabled: z.boolean().optional(), enabled: z.boolean().optional(), type: z.string().optional(), transportType: z.string().optional() };
const program = z.looseObject({ ...common, command: z.string().trim().min(1), args: z.array(z.union([z.string(), z.number().transform(String)])).default([]), cwd: z.string().min(1).optional(), env: texts.default({}), envFile: z.string().min(1).optional() });
const remote = z.looseObject({
  ...common, url: z.string().optional(), serverUrl: z.string().optional(), httpUrl: z.string().optional(),
  headers: z.record(z.string(), z.string()).optional(), requestOptions: z.looseObject({ headers: z.record(z.string(), z.string()).optional() }).optional(),
});

/** Trust that was given to another program is not ours: every call goes through the grants of its run. */
const trustFields = ['autoApprove', 'alwaysAllow', 'trust', 'includeTools', 'excludeTools', 'disabledTools'];
const otherFields: Readonly<Record<string, string>> = {
  timeout: 'its time limit was not taken over; set "timeoutMs" if the usual one is too short',
  oauth: 'its sign-in was not taken over',
  auth: 'its sign-in was not taken over',
};

/** Translates one entry. Throws a `ZodError` where it is neither a program nor an address. */
export function translateEntry(name: string, raw: unknown, { plainUrl }: Pick<McpClient, 'plainUrl'>): TranslatedEntry {
  const flat = flattened(raw);
  const taker = new SecretTaker(name);
  const notes = notesOn(flat);
  const entry = 'command' in flat ? programOf(program.parse(flat), taker) : remoteOf(remote.parse(flat), taker, plainUrl);
  return { entry, inputs: taker.taken.map(({ input }) => input), secrets: taker.taken, notes };
}

/** Continue wraps what others write side by side: `{ transport: { type, command } }`. */
function flattened(raw: unknown): Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return {};
  const { transport, ...rest } = raw as { readonly transport?: unknown } & Readonly<Record<string, unknown>>;
  return typeof transport === 'object' && transport !== null ? { ...rest, ...transport } : rest;
}

function notesOn(flat: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(flat).flatMap(([field, value]) => {
    if (trustFields.includes(field) && value !== false && !(Array.isArray(value) && value.length === 0)) return [`"${field}" was not taken over: what may be called is decided by the grants of each run`];
    const note = ownEntry(otherFields, field);
    return note === undefined ? [] : [note];
  });
}

function programOf({ command, args, cwd, env, envFile, ...state }: z.infer<typeof program>, taker: SecretTaker): PortableEntry {
  const clean = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === null ? null : taker.named(name, portable(value))]));
  return {
    type: 'stdio', command: portable(command), args: args.map((arg, i) => taker.word(portable(arg), i === 0 ? '' : args[i - 1])),
    ...(cwd === undefined ? {} : { cwd: portable(cwd) }), ...(Object.keys(clean).length === 0 ? {} : { env: clean }), ...(envFile === undefined ? {} : { envFile: portable(envFile) }), ...disabled(state),
  };
}

function remoteOf({ url, serverUrl, httpUrl, headers, requestOptions, ...state }: z.infer<typeof remote>, taker: SecretTaker, plainUrl: 'http' | 'sse'): PortableEntry {
  const address = z.string({ error: 'has neither a command nor an address' }).regex(/^(?:https?:\/\/|\$\{)/, 'its address must begin with http:// or https://').parse(httpUrl ?? url ?? serverUrl);
  const stated = (state.type ?? state.transportType ?? '').toLowerCase();
  const type = httpUrl !== undefined || /http/.test(stated) ? 'http' : stated === 'sse' ? 'sse' : plainUrl;
  const clean = Object.fromEntries(Object.entries(headers ?? requestOptions?.headers ?? {}).map(([name, value]) => [name, taker.named(name, portable(value))]));
  return { type, url: withoutSecrets(portable(address), taker), ...(Object.keys(clean).length === 0 ? {} : { headers: clean }), ...disabled(state) };
}

function disabled({ disabled: off, enabled }: { readonly disabled?: boolean | undefined; readonly enabled?: boolean | undefined }): { readonly disabled?: true } {
  return off === true || enabled === false ? { disabled: true } : {};
}

/** Keys in the query of an address are as good as keys in a header. */
function withoutSecrets(address: string, taker: SecretTaker): string {
  return address.replaceAll(/([?&])([^=&#]+)=([^&#]*)/g, (_, mark: string, name: string, value: string) => `${mark}${name}=${taker.named(name, value)}`);
}

/** `$NAME` and `${{ secrets.NAME }}` of other programs as `${env:NAME}`. */
function portable(text: string): string {
  return text.replaceAll(/\$\{\{\s*secrets\.([A-Za-z_]\w*)\s*\}\}/g, '${env:$1}').replaceAll(/(?<![\w$\\])\$([A-Z_][A-Z0-9_]*)\b/g, '${env:$1}');
}
