import { AssassinError } from '../../shared/errors.ts';
import { commandLine, type McpInput } from '../mcp-config.ts';
import type { PortableEntry } from '../import/foreign-entry.ts';
import { serverNameOf } from '../server-name.ts';
import { dangersOf, type Danger } from './dangers.ts';
import { InputValues } from './input-values.ts';
import { isRunnable, packageCommand } from './package-command.ts';
import type { CatalogEntry, CatalogPackage, CatalogRemote } from './server-json.ts';

/** One of the ways in which a server can be had. */
export interface InstallWay {
  /** `npm`, `pypi`, `oci`, `nuget`, `mcpb`, `http`, `sse`; with a number behind it from the second of a kind on. */
  readonly id: string;
  /** What a person chooses by. */
  readonly label: string;
  readonly of: { readonly package: CatalogPackage } | { readonly remote: CatalogRemote };
}

/** Everything that adding a server would write, for a person to see whole. */
export interface InstallPlan {
  readonly name: string;
  readonly entry: PortableEntry;
  readonly inputs: readonly McpInput[];
  /** The whole command line or address, nothing cut off. */
  readonly command: string;
  readonly dangers: readonly Danger[];
  /** What else a person should know, in sentences without a full stop. */
  readonly notes: readonly string[];
}

/** The ways that this program can go, in the publisher's order, servers at an address behind those that run here. */
export function waysOf({ server: { packages = [], remotes = [] } }: CatalogEntry): readonly InstallWay[] {
  const counts = new Map<string, number>();
  const numbered = (kind: string) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count === 1 ? kind : `${kind}-${count}`;
  };
  return [
    ...packages.filter((pack) => isRunnable(pack) || (pack.registryType === 'mcpb' && (pack.transport?.type ?? 'stdio') === 'stdio'))
      .map((pack): InstallWay => ({ id: numbered(pack.registryType), label: `${pack.registryType}: ${pack.identifier}${pack.version === undefined ? '' : ` ${pack.version}`}`, of: { package: pack } })),
    ...remotes.map((remote): InstallWay => ({ id: numbered(remote.type === 'sse' ? 'sse' : 'http'), label: `${remote.type}: ${remote.url}`, of: { remote } })),
  ];
}

/** The way of that id, the first where none is named. Throws `not-supported` and `invalid-input`. */
export function wayOf(entry: CatalogEntry, id?: string): InstallWay {
  const ways = waysOf(entry);
  const [first] = ways;
  if (first === undefined) throw new AssassinError('not-supported', `${entry.server.name} is published in no way that can be added here.`, { hint: 'See its page for how it is started, and add it by its command or address.' });
  const way = id === undefined ? first : ways.find((each) => each.id === id);
  if (way !== undefined) return way;
  throw new AssassinError('invalid-input', `${entry.server.name} is not published as "${id}".`, { hint: `Write one of: ${ways.map((each) => each.id).join(', ')}.` });
}

/** What adding the server would write. Bundles are planned once they are here. Throws `invalid-output` and `not-supported` for entries that nobody should start. */
export function planInstall(entry: CatalogEntry, way: InstallWay): InstallPlan {
  const { server } = entry;
  const name = serverNameOf(server.name) ?? 'server';
  const values = new InputValues(name);
  const portable = 'package' in way.of ? packageCommand(way.of.package, values) : addressOf(way.of.remote, values);
  return { name, entry: portable, inputs: values.inputs, command: shownCommand(portable), dangers: dangersOf(portable), notes: notesOn(entry, values.optional) };
}

/** The command with what of it is set in the environment: what a variable holds may decide what a command does. */
export function shownCommand(entry: PortableEntry): string {
  if (entry.type !== 'stdio') return [entry.url, ...Object.entries(entry.headers ?? {}).map(([name, value]) => `${name}: ${value}`)].join('\n');
  const { env = {} } = entry;
  const set = Object.entries(env).map(([name, value]) => commandLine({ transport: { type: 'stdio', command: `${name}=${value ?? ''}`, args: [], env: {} } }));
  return [...set, commandLine({ transport: { ...entry, env } })].join(' ');
}

/** What a registry says of an entry that a person should know before adding it. */
export function notesOn({ status, statusMessage, server: { repository } }: CatalogEntry, optional: readonly string[] = []): readonly string[] {
  return [
    ...(status === 'active' ? [] : [`Its registry calls it ${status}${statusMessage === undefined ? '' : `: ${statusMessage}`}`]),
    ...(repository === undefined ? ['It names no repository: nobody can look at its source'] : []),
    ...(optional.length === 0 ? [] : [`It also takes ${optional.join(', ')}, which ${optional.length === 1 ? 'was' : 'were'} left out`]),
  ];
}

function addressOf({ type, url, headers, variables }: CatalogRemote, values: InputValues): PortableEntry {
  const address = values.filled('its address', url, variables);
  if (!/^https?:\/\/[^/?#]/.test(address)) throw new AssassinError('invalid-output', `"${address.slice(0, 200)}" is no http or https address.`, { hint: 'Do not use this server.' });
  const sent = values.all(headers);
  return { type: type === 'sse' ? 'sse' : 'http', url: address, ...(Object.keys(sent).length === 0 ? {} : { headers: sent }) };
}
