/**
 * The client under test of `npm run conformance`: our own layer, from the configuration of a server to the end of its connection. It does what any run
 * would do with a server: lists everything, calls every tool, reads what is offered. Its person accepts what is filled in already.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { McpConnection } from '../src/mcp/mcp-connection.ts';
import { McpHub } from '../src/mcp/mcp-hub.ts';
import { MemoryVault } from '../src/mcp/oauth/credential-vault.ts';
import { McpSignIns } from '../src/mcp/oauth/mcp-sign-ins.ts';
import type { SignInDoor } from '../src/mcp/oauth/sign-in-door.ts';
import type { McpPerson } from '../src/mcp/requests/person.ts';
import { parseServerEntry } from '../src/mcp/server-entry.ts';
import { Redactor } from '../src/policy/redact.ts';
import type { Json, JsonObject } from '../src/shared/json.ts';

const url = process.argv.at(-1) ?? '';
const scenario = process.env['MCP_CONFORMANCE_SCENARIO'] ?? '';
const context: unknown = JSON.parse(process.env['MCP_CONFORMANCE_CONTEXT'] ?? '{}');

/** Agrees to everything, with the values that stand in a form already. */
const person: McpPerson = {
  canAsk: true,
  form: ({ fields }) => Promise.resolve({ action: 'accept', content: Object.fromEntries(fields.flatMap((field) => (field.initial === undefined ? (field.required ? [[field.name, exampleFor(field.type)] as const] : []) : [[field.name, field.initial as Json] as const]))) }),
  visit: () => Promise.resolve('accept'),
  review: () => Promise.resolve(true),
};

/** Goes where the browser would go, up to the address that the authorization server sends it back to. */
const door: SignInDoor = {
  canAsk: true,
  agree: () => Promise.resolve(true),
  open: async ({ url: page }, deliver) => {
    const location = (await fetch(page, { redirect: 'manual' })).headers.get('location');
    if (location !== null) deliver(location);
  },
  clientId: () => Promise.resolve(undefined),
};

/** What a person would have written into the entry, of what the scenario gives. */
async function oauthOf(): Promise<JsonObject> {
  const given = (typeof context === 'object' && context !== null ? context : {}) as JsonObject;
  const { client_id: clientId, client_secret: clientSecret, private_key_pem: privateKey, signing_algorithm: algorithm } = given;
  const described = { clientMetadataUrl: 'https://conformance-test.local/client-metadata.json' };
  if (clientId === undefined) return described;
  const issuer = given['issuer'] ?? (await metadataIssuer());
  return { clientId, ...grantOf(given), issuer, ...(clientSecret === undefined ? {} : { clientSecret }), ...(privateKey === undefined ? {} : { privateKey, algorithm: algorithm ?? 'ES256' }) } as JsonObject;
}

/** As whom a program signs in. */
function grantOf({ valid_jwt: assertion, idp_issuer: issuer, idp_client_id: clientId, idp_id_token: idToken }: JsonObject): JsonObject {
  if (scenario.startsWith('auth/client-credentials')) return { grant: 'client_credentials' };
  if (assertion !== undefined) return { grant: 'jwt-bearer', assertion };
  return issuer === undefined || clientId === undefined || idToken === undefined ? {} : { grant: 'jwt-bearer', identityProvider: { issuer, clientId, idToken } };
}

/** The scenarios of programs do not say where their client is known: a person would. */
async function metadataIssuer(): Promise<Json> {
  const metadata = (await (await fetch(new URL(`/.well-known/oauth-protected-resource${new URL(url).pathname}`, url))).json()) as { readonly authorization_servers?: readonly string[] };
  return metadata.authorization_servers?.[0] ?? null;
}

function exampleFor(type: string): Json {
  return type === 'number' ? 1 : type === 'boolean' ? true : type === 'many' ? [] : 'example';
}

/** A value that fits the simple schemas of the scenarios. */
function example(schema: Json | undefined): Json {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return null;
  const { type, properties, enum: options, default: initial, items } = schema as JsonObject;
  if (initial !== undefined) return initial;
  if (Array.isArray(options)) return (options as readonly Json[])[0] ?? null;
  switch (type) {
    case 'object':
      return Object.fromEntries(Object.entries((properties ?? {}) as JsonObject).map(([name, each]) => [name, example(each)]));
    case 'array':
      return [example(items)];
    case 'number':
    case 'integer':
      return 3;
    case 'boolean':
      return true;
    default:
      return 'example';
  }
}

interface Call {
  readonly name: string;
  readonly arguments: JsonObject;
}

/** The calls that a scenario names or is about, else one of each tool. */
function callsFor({ tools }: McpConnection): readonly Call[] {
  if (typeof context === 'object' && context !== null && 'toolCalls' in context && Array.isArray(context.toolCalls)) return context.toolCalls as readonly Call[];
  // Its server knows no calls: what is looked at is the reading of the list.
  if (scenario === 'json-schema-ref-no-deref') return [];
  const echo = tools.find(({ name }) => name === 'json_schema_2020_12_echo' || name.includes('echo_schema') || name.includes('schema_echo'));
  const focal = tools.find((tool) => '$defs' in tool.inputSchema);
  if (echo !== undefined && focal !== undefined) return [{ name: echo.name, arguments: { schema: focal.inputSchema } }];
  return tools.map(({ name, inputSchema }) => ({ name, arguments: example(inputSchema) as JsonObject }));
}

/** Lists, and reads the first of each kind. Skills are loaded only where that is what a scenario looks at. */
async function readOffers({ capabilities, offers }: McpConnection): Promise<void> {
  const [resource] = capabilities.resources && !scenario.startsWith('sep-2640') ? await offers.resources() : [];
  if (resource !== undefined) await offers.read(resource.uri);
  const [prompt] = capabilities.prompts ? await offers.prompts() : [];
  if (prompt !== undefined) await offers.prompt(prompt.name, Object.fromEntries((prompt.arguments ?? []).map(({ name }) => [name, 'example'])));
  const skills = await offers.skills();
  if (!scenario.startsWith('sep-2640-client-verify')) return;
  for (const skill of skills) {
    await offers.skillFile(skill.uri);
    for (const file of skill.resources === 'dynamic' ? [] : skill.resources ?? []) await offers.skillFile(skill.uri, file.uri);
  }
}

const workspace = mkdtempSync(join(tmpdir(), 'conformance-'));
const { server, problems } = parseServerEntry({ written: 'conformance', raw: { type: 'http', url, timeoutMs: 20_000, ...(scenario.startsWith('auth/') ? { oauth: await oauthOf() } : {}) }, path: [], source: { file: 'conformance', locate: () => undefined }, inputs: [] });
if (server === undefined) throw new Error(JSON.stringify(problems));
const failures: unknown[] = [];
const redactor = new Redactor();
const { auth } = new McpSignIns({ vault: new MemoryVault(), door, secret: (values) => redactor.add(values) });
try {
  await using hub = new McpHub({ workspace, servers: [server], redactor, auth, version: '0.0.0', log: (level, message) => console.error(level, message), person, sample: () => Promise.reject(new Error('There is no model.')) });
  await hub.look('conformance', async (connection) => {
    console.error(`${connection.serverInfo}, ${connection.protocolVersion ?? '?'}, ${connection.tools.length} tools`);
    for (const call of callsFor(connection)) {
      try {
        console.error(call.name, JSON.stringify(await connection.callTool(call.name, call.arguments)).slice(0, 300));
      } catch (error) {
        console.error(call.name, error);
        failures.push(error);
      }
    }
    await readOffers(connection);
  });
} catch (error) {
  console.error(error);
  failures.push(error);
} finally {
  rmSync(workspace, { recursive: true, force: true });
}
process.exitCode = failures.length === 0 ? 0 : 1;
