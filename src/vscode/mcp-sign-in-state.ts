import type { McpServerConfig } from '../mcp/mcp-config.ts';
import type { McpServerStatus } from '../mcp/mcp-server.ts';
import type { McpSignIns } from '../mcp/oauth/mcp-sign-ins.ts';

/** `none`: a program, or a server that is not signed in to from here. `asks`: it could not be used for want of a sign-in. */
export type SignInState = 'none' | 'remote' | 'asks' | 'signed';

export async function signInState({ error }: Pick<McpServerStatus, 'error'>, config: McpServerConfig | undefined, signIns: Pick<McpSignIns, 'signedIn'>): Promise<SignInState> {
  if (config === undefined || config.transport.type === 'stdio' || config.transport.oauth === false) return 'none';
  if (error?.data?.['signIn'] === true) return 'asks';
  return (await signIns.signedIn(config)) ? 'signed' : 'remote';
}
