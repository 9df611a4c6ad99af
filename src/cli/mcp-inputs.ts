import type { McpHubOptions } from '../mcp/mcp-hub.ts';
import type { McpSignInsOptions } from '../mcp/oauth/mcp-sign-ins.ts';
import { AssassinError } from '../shared/errors.ts';
import type { CliContext } from './cli-context.ts';

/** The environment variable that gives `${input:api-key}` its value: `ASSASSIN_INPUT_API_KEY`. */
export function inputVariable(id: string): string {
  return `ASSASSIN_INPUT_${id.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
}

/** The environment variable with a token for the remote server `my-server`: `ASSASSIN_MCP_TOKEN_MY_SERVER`. */
export function tokenVariable(server: string): string {
  return `ASSASSIN_MCP_TOKEN_${server.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
}

/** For machines on which nobody can sign in. */
export function mcpTokenFrom(env: CliContext['env']): NonNullable<McpSignInsOptions['token']> {
  return (server) => {
    const place = tokenVariable(server);
    const value = env[place];
    return value === undefined || value === '' ? undefined : { value, place: `the environment variable ${place}` };
  };
}

/** Values that the configuration of an MCP server leaves open come from the environment: on a command line a secret would be seen by everybody. */
export function mcpInputFrom({ env }: Pick<CliContext, 'env'>): NonNullable<McpHubOptions['input']> {
  return async ({ id, default: otherwise }) => {
    const variable = inputVariable(id);
    const value = env[variable] ?? otherwise;
    if (value === undefined) throw new AssassinError('invalid-config', `The input "${id}" has no value`, { hint: `Set the environment variable ${variable}.`, data: { input: id } });
    return value;
  };
}
