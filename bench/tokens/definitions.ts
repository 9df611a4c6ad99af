import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { JsonObject } from '../../src/shared/json.ts';

export interface CatalogueTool {
  /** The MCP server that it is offered by. */
  readonly server: string;
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
}

interface Entry extends CatalogueTool {
  readonly src: string;
}

/** Real tools of real servers; not part of the repository. */
const file = fileURLToPath(new URL('../../../shared/data/mcp-tools.jsonl.gz', import.meta.url));

/** Those that the tasks need, and neighbours from the same servers that they do not. */
const known: readonly (readonly [source: string, server: string, tools: readonly string[]])[] = [
  ['iamadk/reference-servers/github', 'github', ['list_issues', 'add_issue_comment', 'create_issue', 'list_commits', 'create_or_update_file', 'get_issue', 'search_issues', 'get_file_contents']],
  ['lars-hagen/slack-user-mcp/slack-user-mcp', 'slack', ['slack_list_channels', 'slack_post_message', 'slack_get_channel_history', 'slack_get_users', 'slack_reply_to_thread', 'slack_get_user_profile']],
  ['stripe', 'stripe', ['list_customers', 'create_customer', 'list_payment_intents', 'list_products', 'create_refund', 'retrieve_balance']],
];

/** So many definitions, the 20 known ones first; `undefined` where the catalogue is not there. */
export function definitions(count: number): readonly CatalogueTool[] | undefined {
  if (!existsSync(file)) return undefined;
  const all = gunzipSync(readFileSync(file)).toString().trim().split('\n').map((line) => JSON.parse(line) as Entry).filter(({ inputSchema }) => (inputSchema as JsonObject | null | undefined)?.['type'] === 'object');
  const first = known.flatMap(([source, server, names]) => names.map((name) => ({ ...toolOf(all.find((each) => each.server === source && each.name === name && each.src !== 'docker')), server })));
  const taken = new Set(first.map(({ name }) => name));
  // Evenly over the whole catalogue, so that no server and no style of description stands for all.
  const others = all.filter(({ name }) => /^[A-Za-z0-9_-]{1,60}$/.test(name));
  const step = Math.floor(others.length / 1000);
  const rest = Array.from({ length: 1000 }, (_, i) => toolOf(others[i * step])).filter(({ name }) => !taken.has(name) && taken.add(name));
  return [...first, ...rest.map((tool) => ({ ...tool, server: 'others' }))].slice(0, count);
}

function toolOf(entry: Entry | undefined): CatalogueTool {
  if (entry === undefined) throw new Error('The catalogue does not hold a tool that the tasks need.');
  const { server, name, description, inputSchema } = entry;
  return { server, name, description: description ?? '', inputSchema };
}
