import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelDelta } from '../../../src/shared/conversation.ts';
import type { JournalEvent } from '../../../src/shared/events.ts';
import { otlpJsonOf } from '../../../src/telemetry/otlp-json.ts';
import { serve } from '../../helpers/browser.ts';
import { everythingScript, nodeServer } from '../../helpers/mcp.ts';
import { panelMessages } from '../../helpers/panel-messages.ts';
import { watchEnvironments, type SeenProcess } from '../../helpers/process-environments.ts';
import { buildSandboxFiles, type SandboxFiles } from '../../helpers/sandbox.ts';
import { code, finish, recorded, taskTest } from '../../helpers/tasks.ts';
import { testWorkspace } from '../../helpers/workspace.ts';

const random = () => randomBytes(18).toString('hex');
const jwt = () => `eyJ${random()}.eyJ${random()}.${random()}`;

/** One for each place that a secret may be at: any value where something knows it, the format of an issuer where nothing does. */
const canaries = {
  'the environment of the host': `canary${random()}`,
  'the secret storage': `canary${random()}`,
  'the environment of an MCP server': `canary${random()}`,
  'an environment file of an MCP server': `canary${random()}`,
  'an input of an MCP server': `canary${random()}`,
  'a header of a remote MCP server': `ghp_${random()}`,
  'the key of the model': `sk-proj-B2${random()}`,
  'a .env file': `sk-ant-A1B2${random()}`,
  'a file of settings': `glpat-${random()}`,
  'the text of a page': `xoxb-${random()}`,
  'the user of an address': `pw${random()}`,
  'the header of an answer': jwt(),
  'the output of a program': `AKIA${random().slice(0, 16).toUpperCase()}`,
  'the words of the task': `npm_${random()}`,
  'an error of a program': `hf_${random()}`,
  'what the model says': `rk_live_${random()}`,
};
type Place = keyof typeof canaries;

const serverEnv = 'DB_PASSWORD';
const site = {
  '/': `<title>Shop</title><p>token ${canaries['the text of a page']} of the shop</p>`,
};

/** What a careless model writes: it collects whatever it can get at, prints it, gives it back, and fails with it. */
const program = (origin: string, api: string) => `
  import { browser, workspace, http, mcp, exec, log, progress } from 'assassin';
  export default async () => {
    await using page = await browser.open('${origin}/');
    const seen = { page: await page.text(), dotenv: await workspace.readFile('.env'), settings: await workspace.readFile('.vscode/settings.json'), notes: await workspace.readFile('notes.txt') };
    const environment = await mcp.everything['get-env']();
    const answer = await http.get('${api}/', { headers: { authorization: 'Bearer \${secret:shop}' } });
    const printed = await exec(['node', 'print.mjs']);
    log(JSON.stringify({ seen, environment, answer, printed }));
    progress(seen.dotenv);
    const failed = await workspace.readFile('no-' + seen.dotenv).catch((error) => String(error));
    if (!globalThis.again) console.error(failed);
    throw new Error('No: ${canaries['an error of a program']} ' + JSON.stringify({ seen, environment, answer, printed }));
  };`;

interface Evidence {
  readonly places: Readonly<Record<string, string>>;
  readonly processes: readonly SeenProcess[];
  readonly events: readonly JournalEvent[];
  readonly received: readonly string[];
}

const everythingIn = (folder: string) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');

async function scenario(sandbox: SandboxFiles): Promise<Evidence> {
  const received: string[] = [];
  await using shop = await serve(site);
  await using api = await serve({
    '/': (request, response) => {
      received.push(request.headers.authorization ?? '');
      response.setHeader('x-token', canaries['the header of an answer']).end(`you said ${request.headers.authorization}`);
    },
  });
  using data = testWorkspace();
  const log: string[] = [];
  const mcpServer = nodeServer('everything', everythingScript, ['stdio'], {
    env: { API_TOKEN: canaries['the environment of an MCP server'], OTHER: '${input:key}' }, inputs: [{ id: 'key', type: 'promptString', password: true }],
  });
  if (mcpServer.transport.type !== 'stdio') throw new Error('The test server is a process.');
  const remote = { ...mcpServer, name: 'remote', title: 'remote', transport: { type: 'http', url: `http://127.0.0.1:9/mcp`, headers: { authorization: `Bearer ${canaries['a header of a remote MCP server']}` } } } as const;
  const dataDirectory = join(data.path, 'store');
  await using test = await taskTest(sandbox, {
    '.env': `KEY=${canaries['a .env file']}\n`,
    '.vscode/settings.json': JSON.stringify({ 'shop.token': canaries['a file of settings'] }),
    'server.env': `${serverEnv}=${canaries['an environment file of an MCP server']}\n`,
    'notes.txt': `postgres://ada:${canaries['the user of an address']}@db.example/shop\n`,
    'print.mjs': `setTimeout(() => console.log('key ${canaries['the output of a program']}'), 300);`,
  }, recorded(
    { text: [`I will use ${canaries['what the model says'].slice(0, 20)}`, `${canaries['what the model says'].slice(20)} now.`], calls: [{ name: 'run_code', arguments: { code: program(shop.origin, api.origin) } }] },
    code('import { mcp } from "assassin"; export default () => mcp.remote.anything({});'),
    finish(`It failed. ${canaries['what the model says']}`),
  ), {
    dataDirectory,
    settings: { mcpServers: [{ ...mcpServer, transport: { ...mcpServer.transport, envFile: '${workspaceFolder}/server.env' } }, remote] },
    secret: (name) => Promise.resolve(name === 'shop' ? canaries['the secret storage'] : undefined),
    mcpInput: () => Promise.resolve(canaries['an input of an MCP server']),
    log: (level, message) => void log.push(`${level} ${message}`),
  });
  test.runtime.models.configure([{ kind: 'openai-compatible', name: 'test', baseUrl: test.server.baseUrl, apiKey: () => Promise.resolve(canaries['the key of the model']) }]);
  const deltas: ModelDelta[] = [];
  using _deltas = test.runtime.tasks.onDelta((delta) => void deltas.push(delta));
  using panel = panelMessages(test.runtime);
  using watch = watchEnvironments();
  const { outcome, events } = await test.task(`Look at the shop with ${canaries['the words of the task']} please.`, {
    grants: ['browser', `net ${shop.origin}`, `net ${api.origin}`, 'mcp everything:*', 'mcp remote:*', 'mcp everything:get-env', 'secret shop', 'fs.read .env', 'fs.read .vscode/settings.json', 'exec node print.mjs'],
  });
  const { runtime, server } = test;
  const run = outcome.id;
  const messages = await panel.everythingOf(run);
  expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${canaries['the key of the model']}`);
  return {
    events, received, processes: [...watch.seen.values()],
    places: {
      outcome: JSON.stringify(outcome), journal: JSON.stringify(events), log: log.join('\n'),
      'prompts of the model': server.requests.map(({ body }) => JSON.stringify(body)).join('\n'),
      'what the panel is sent': JSON.stringify([runtime.detail(run), runtime.trace(run), runtime.bill(run), runtime.destruction(run), await runtime.tasks.conversation(run), runtime.store.runs({ limit: 10 })]),
      'the messages of the panel': messages.join('\n'),
      'the export for collectors of traces': JSON.stringify(otlpJsonOf(runtime.detail(run), events, '0.0.0')),
      'the exported conversation': await runtime.tasks.exportConversation(run, 'markdown'),
      'what the panel is sent while the model speaks': JSON.stringify(deltas) + deltas.map((delta) => JSON.stringify(Object.values(delta))).join(''),
      'spoken text as it is put together': deltas.map((delta) => ('text' in delta ? String(delta.text) : '')).join(''),
      'the context that was sent': JSON.stringify(await runtime.sentContext(run)),
      'the folder of the record': everythingIn(dataDirectory),
    },
  };
}

describe.skipIf(process.platform !== 'linux')('secrets at sixteen places', () => {
  let sandbox: SandboxFiles;
  let evidence: Evidence;

  beforeAll(async () => {
    sandbox = await buildSandboxFiles();
    // Not before: the compiler of the sandbox is a process of this test's own.
    process.env['HOST_SECRET_TOKEN'] = canaries['the environment of the host'];
    evidence = await scenario(sandbox);
  }, 120_000);

  afterAll(() => {
    delete process.env['HOST_SECRET_TOKEN'];
    sandbox[Symbol.dispose]();
  });

  it('were within reach of a careless model, or the rest would show nothing', () => {
    expect(evidence.received).toEqual([`Bearer ${canaries['the secret storage']}`]);
    const text = evidence.places['prompts of the model'] ?? '';
    expect(text).toContain('token [redacted] of the shop');
    expect(text).toContain('KEY=[redacted]');
    expect(text).toContain('Bearer ${secret:shop}');
    expect(text).toContain('postgres://ada:[redacted]@');
    expect(text).toContain(`${serverEnv}`);
    expect(evidence.events.filter(({ type }) => type === 'step.ended').length).toBeGreaterThan(6);
    const messages = evidence.places['the messages of the panel'] ?? '';
    for (const part of ['"approvals":[{', '"event":"typed"', '"leases"', 'token [redacted] of the shop', 'KEY=[redacted]', 'Look at the shop with [redacted] please.']) expect(messages, part).toContain(part);
    expect(messages).toMatch(/"event":"typing".*\[redacted\] now\./);
    expect(evidence.places['the export for collectors of traces']).toContain('chain-failed');
  });

  it('are in no prompt, journal, log, blob, export and nothing that the panel is sent', () => {
    const places = Object.entries(evidence.places);
    const leaks = (Object.keys(canaries) as Place[]).flatMap((what) => places.filter(([, text]) => text.includes(canaries[what])).map(([where]) => `${what}: in ${where}`));
    expect(leaks).toEqual([]);
  });

  it('are in the environment of no process, but for the one that each was configured for', () => {
    const own: readonly Place[] = ['the environment of an MCP server', 'an environment file of an MCP server', 'an input of an MCP server'];
    const isServer = ({ command }: SeenProcess) => command.includes('server-everything');
    expect(evidence.processes.some(({ command }) => /chrom/i.test(command)), 'a browser was seen').toBe(true);
    expect(evidence.processes.some(({ command }) => command.includes('print.mjs')), 'the program was seen').toBe(true);
    const [server] = evidence.processes.filter(isServer);
    for (const place of own) expect(server?.environment, place).toContain(canaries[place]);
    const leaks = evidence.processes.flatMap((seen) => (Object.keys(canaries) as Place[])
      .filter((place) => seen.environment.includes(canaries[place]) || seen.command.includes(canaries[place]))
      .filter((place) => !(isServer(seen) && own.includes(place))).map((place) => `${place}: ${seen.command.slice(0, 120)}`));
    expect(leaks).toEqual([]);
  });
});
