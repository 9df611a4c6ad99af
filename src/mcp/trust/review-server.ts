import type { McpHub } from '../mcp-hub.ts';
import { notConfigured } from '../mcp-errors.ts';
import { nearNames } from '../../shared/near-names.ts';
import type { ServerTrust, Withheld } from './server-trust.ts';

/**
 * All that waits for a person's word on a server. One that would be started otherwise than before is not started for this: then that alone is what waits.
 * Throws `mcp-not-configured`, and what a start throws.
 */
export async function reviewServer(hub: McpHub, trust: ServerTrust, name: string): Promise<readonly Withheld[]> {
  const config = hub.config(name);
  const facts = hub.facts(name);
  if (config === undefined || facts === undefined) {
    const names = hub.servers().map((server) => server.name);
    throw notConfigured(name, names, nearNames(name, names));
  }
  const changed = trust.configuration(config, facts);
  if (changed !== undefined) return [changed];
  await hub.look(name, async ({ capabilities, offers }) => {
    if (capabilities.prompts) await offers.prompts();
    if (capabilities.resources) await offers.templates();
  });
  return trust.withheld(name);
}
