import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultCallTimeoutMs, defaultConnectTimeoutMs, type McpServerConfig, type McpTransportConfig } from '../../src/mcp/mcp-config.ts';
import { McpHub, type McpHubOptions } from '../../src/mcp/mcp-hub.ts';
import { Redactor } from '../../src/policy/redact.ts';

const modules = fileURLToPath(new URL('../../node_modules/@modelcontextprotocol/', import.meta.url));

export const everythingScript = join(modules, 'server-everything/dist/index.js');
export const memoryScript = join(modules, 'server-memory/dist/index.js');
export const filesystemScript = join(modules, 'server-filesystem/dist/index.js');

/** A server of test/fixtures/mcp by its file name. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/mcp/${name}`, import.meta.url));
}

export function serverConfig(name: string, transport: McpTransportConfig, rest: Partial<McpServerConfig> = {}): McpServerConfig {
  return { name, title: name, transport, provenance: { file: '.vscode/mcp.json', line: 3 }, enabled: true, connectTimeoutMs: defaultConnectTimeoutMs, timeoutMs: defaultCallTimeoutMs, inputs: [], ...rest };
}

/** A server that is a script, run by this Node. */
export function nodeServer(name: string, script: string, args: readonly string[] = [], rest: Partial<McpServerConfig> & { readonly env?: Readonly<Record<string, string | null>> } = {}): McpServerConfig {
  const { env = {}, ...config } = rest;
  return serverConfig(name, { type: 'stdio', command: process.execPath, args: [script, ...args], env }, config);
}

export interface TestHub {
  readonly hub: McpHub;
  readonly log: readonly string[];
  /** A folder of this hub's own, and the working directory of its servers. */
  readonly folder: string;
}

/** Runs `body` with a hub, and afterwards makes sure that no process of it is left. */
export async function withHub<T>(servers: (folder: string) => readonly McpServerConfig[], body: (test: TestHub) => Promise<T>, options: Partial<McpHubOptions> = {}): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'test-mcp-'));
  const log: string[] = [];
  try {
    const hub = new McpHub({ workspace: folder, servers: servers(folder), redactor: new Redactor(), version: '0.0.0', log: (level, message) => log.push(`${level} ${message}`), ...options });
    let result: T;
    try {
      result = await body({ hub, log, folder });
    } finally {
      await hub[Symbol.asyncDispose]();
    }
    const left = processesIn(folder);
    if (left.length > 0) throw new Error(`Left behind: ${left.join(', ')}`);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Live processes whose working directory is this folder: those of one test and of no other. Only Linux tells. */
export function processesIn(folder: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}
