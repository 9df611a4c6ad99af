import { AssassinError } from '../shared/errors.ts';
import { parsePort } from './arguments.ts';
import type { CliContext } from './cli-context.ts';

const shortestToken = 16;

/** Where a command listens on this computer, and the secret that whoever connects has to know: what is absent is chosen when it starts. Throws `invalid-input`. */
export function loopbackFlags({ env }: Pick<CliContext, 'env'>, { port }: { readonly port?: string }): { readonly port?: number; readonly token?: string } {
  const token = env['ASSASSIN_TOKEN'];
  if (token !== undefined && token.length < shortestToken) throw new AssassinError('invalid-input', '$ASSASSIN_TOKEN is too short to be a secret.', { hint: `Use at least ${shortestToken} letters and digits, or leave it out: a new token is made then.` });
  return { ...(port === undefined ? {} : { port: parsePort(port) }), ...(token === undefined ? {} : { token }) };
}
