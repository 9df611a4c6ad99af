import { join } from 'node:path';
import { McpCatalog } from './mcp/catalog/mcp-catalog.ts';
import { EraBook } from './mcp/era-book.ts';
import { IconFolder } from './mcp/icon-folder.ts';
import { McpHub } from './mcp/mcp-hub.ts';
import { OpenTasks } from './mcp/open-tasks.ts';
import { FileVault } from './mcp/oauth/file-vault.ts';
import { McpSignIns } from './mcp/oauth/mcp-sign-ins.ts';
import { ServerTrust } from './mcp/trust/server-trust.ts';
import type { ModelRegistry } from './models/model-registry.ts';
import { denyAll } from './policy/approver.ts';
import type { Rule } from './policy/authorize.ts';
import { parseGrants } from './policy/grant.ts';
import type { Redactor } from './policy/redact.ts';
import { HostLeases } from './run/host-leases.ts';
import type { RunManager } from './run/run-manager.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import type { HostIdentity } from './store/host-identity.ts';
import type { RunStore } from './store/run-store.ts';
import { mcpSampling } from './tools/mcp-sampling.ts';

export interface RuntimeMcpOptions {
  readonly options: RuntimeOptions;
  readonly redactor: Redactor;
  readonly models: ModelRegistry;
  readonly store: RunStore;
  readonly host: HostIdentity;
  readonly runs: RunManager;
  readonly rules: readonly Rule[];
}

export interface RuntimeMcp {
  readonly hub: McpHub;
  readonly trust: ServerTrust;
  readonly signIns: McpSignIns;
  /** Published servers, from registries and as bundles. */
  readonly catalog: McpCatalog;
}

/** The hub of MCP servers with everything that servers can ask of us. */
export function runtimeMcp({ options, redactor, models, store, host, runs, rules }: RuntimeMcpOptions): RuntimeMcp {
  const { workspace, settings, version, log, dataDirectory, mcpInput, mcpPerson, mcpSignIn, mcpToken, secret } = options;
  const trust = new ServerTrust({ pins: store.mcpPins, workspace, log, redact: (text) => redactor.redact(text) });
  const signIns = new McpSignIns({
    vault: options.mcpVault ?? new FileVault(join(dataDirectory, 'mcp-sign-ins.json')), locks: join(dataDirectory, 'mcp-locks'), leases: new HostLeases({ store, host, log }), secret: (values) => redactor.add(values),
    ...(mcpSignIn === undefined ? {} : { door: mcpSignIn }), ...(mcpToken === undefined ? {} : { token: mcpToken }),
  });
  const hub = new McpHub({
    workspace, servers: settings.mcpServers, redactor, version, log, auth: signIns.auth, eras: new EraBook(join(dataDirectory, 'mcp-eras.json')), tasks: new OpenTasks(join(dataDirectory, 'mcp-tasks'), workspace, host), icons: new IconFolder(join(dataDirectory, 'mcp-icons')), sample: mcpSampling(models), admit: trust.admit, vouch: trust.vouch,
    ...(mcpInput === undefined ? {} : { input: mcpInput }), ...(secret === undefined ? {} : { secret }), ...(mcpPerson === undefined ? {} : { person: mcpPerson }),
  });
  // What a person asks for is the grant, and rules that deny the host hold all the same.
  const catalog = new McpCatalog({
    dataDirectory, registries: settings.mcpRegistries, secret: secret ?? (() => Promise.resolve(undefined)), redact: (values) => redactor.add(values),
    start: ({ grants, ...of }, work) => runs.start({ kind: 'function', ...of, workspace, grants: parseGrants(grants, workspace), rules, approver: denyAll }, work),
  });
  return { hub, trust, signIns, catalog };
}
