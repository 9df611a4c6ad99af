import { AssassinError, type ErrorDetails } from '../../shared/errors.ts';
import { ownEntry } from '../../shared/own-entry.ts';
import { visitedUrl } from '../requests/visited-url.ts';

/** What a person reads when a sign-in fails is worded here. Nothing in it is text of an authorization server: that could be anybody's. */
interface About {
  readonly name: string;
  readonly title: string;
}

export const signInWays = (name: string): string => `Use "Sign in" at the server in the editor, or \`infrastructure-assassin mcp sign-in ${name}\`; a token of your own goes under "headers" in its entry, for example "Authorization": "Bearer \${input:token}".`;

export function signInNeeded({ name, title }: About): AssassinError {
  return failed({ name, title }, `The MCP server "${title}" asks for a sign-in (HTTP 401).`, signInWays(name), { data: { server: name, signIn: true } });
}

export function notAgreed({ name, title }: About): AssassinError {
  return failed({ name, title }, `The MCP server "${title}" asks for a sign-in, and it was not agreed to.`, signInWays(name), { data: { server: name, signIn: true } });
}

export function noSignInOffered({ name, title }: About): AssassinError {
  return failed({ name, title }, `The MCP server "${title}" names no place to sign in.`, 'Look in its documentation how to get a token, and give it under "headers" in its entry.');
}

export function stillRefused({ name, title }: About, status: number): AssassinError {
  return failed({ name, title }, `The MCP server "${title}" refuses the token that it was just given a sign-in for (HTTP ${status}).`, 'Sign out and in again with an account that may use it, or ask whoever runs it.', { data: { server: name, signIn: true } });
}

export function tokenRefused({ name, title }: About, variable: string): AssassinError {
  return failed({ name, title }, `The MCP server "${title}" refuses the token in ${variable}.`, `Put a fresh one there, or remove it and use \`infrastructure-assassin mcp sign-in ${name}\`.`);
}

export function scopesWithoutEnd({ name, title }: About): AssassinError {
  return failed({ name, title }, `The MCP server "${title}" keeps asking for more rights, also after they were given.`, 'Do not give it more. Report it to whoever runs it, or sign in with another account.', { data: { server: name } });
}

/** `words`: what is wrong, after "of the MCP server ...". */
export function unsafeSignIn({ name, title }: About, words: string, cause?: unknown): AssassinError {
  return failed({ name, title }, `The sign-in of the MCP server "${title}" was stopped: ${words}.`, 'Nothing was sent there. If you trust this server, report it to whoever runs it.', cause === undefined ? {} : { cause });
}

export function addressRefused({ name, title }: About, url: URL, cause?: unknown): AssassinError {
  const shown = visitedUrl(url.href)?.domain ?? url.protocol;
  if (isUnknownName(cause)) return failed({ name, title }, `The sign-in of the MCP server "${title}" leads to ${shown}, a name that could not be resolved.`, 'Check the name and the network connection.', { data: { server: name, host: url.hostname }, cause });
  return new AssassinError('egress-denied', `The sign-in of the MCP server "${title}" leads to ${shown}, which is not asked.`, {
    hint: 'Only https addresses of the public internet are. An authorization server in your own network is, where its address stands as "issuer" under "oauth" in the entry.',
    data: { server: name, host: url.hostname }, ...(cause === undefined ? {} : { cause }),
  });
}

/** No network and no such name are not refused by anybody, and no "issuer" would help. */
function isUnknownName(error: unknown): boolean {
  const cause = AssassinError.isInstance(error) ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && ['ENOTFOUND', 'EAI_AGAIN', 'ENODATA'].includes(String(cause.code));
}

/** Codes of the standards; any other word is that of a stranger and not repeated. */
const known: Readonly<Record<string, string>> = {
  access_denied: 'it was declined there', invalid_scope: 'it does not give the rights that were asked for', invalid_client: 'it does not know this client', unauthorized_client: 'this client may not sign in that way',
  invalid_grant: 'what was to be exchanged is no longer valid', invalid_request: 'it does not understand the request', unsupported_response_type: 'it knows no sign-in of this kind', unsupported_grant_type: 'it knows no sign-in of this kind',
  server_error: 'it has a problem of its own', temporarily_unavailable: 'it is not available just now', invalid_target: 'it gives no tokens for this server', invalid_redirect_uri: 'it does not accept the way back',
  invalid_dpop_proof: 'it does not accept the proof of the key', use_dpop_nonce: 'it does not accept the proof of the key',
  invalid_client_metadata: 'it does not accept the description of this client', login_required: 'it wants you to sign in first', consent_required: 'it wants your consent first', interaction_required: 'it wants to ask you something first',
};

export function refusedThere({ name, title }: About, issuer: string, code: string): AssassinError {
  const reason = ownEntry(known, code);
  return failed({ name, title }, `The sign-in of the MCP server "${title}" at ${issuer} failed: ${reason ?? 'it gave no reason that is known here'}.`, signInWays(name), { data: { server: name, signIn: true, ...(reason === undefined ? {} : { error: code }) } });
}

export function unreachable({ name, title }: About, issuer: string, cause: unknown): AssassinError {
  return failed({ name, title }, `The sign-in of the MCP server "${title}" failed: ${issuer} gave no answer that can be used.`, 'Check the network connection, and try again later.', { cause });
}

/** Nothing of what a file or field holds is repeated: it may be a secret, and another one than was meant. */
export function statementUnreadable({ name, title }: About, field: string, file: string, cause: unknown): AssassinError {
  return failed({ name, title }, `The MCP server "${title}" was not signed in to: "${field}" of its entry names ${file}, which could not be read.`, 'Check the path, and that whatever writes the file has run.', { cause });
}

export function notSigned({ name, title }: About, field: string): AssassinError {
  return failed({ name, title }, `The MCP server "${title}" was not signed in to: what "${field}" of its entry stands for is no signed token (JWT), and was not sent.`, 'Name the token itself, or the file that holds it and nothing else.');
}

export function statementOver({ name, title }: About, field: string): AssassinError {
  return failed({ name, title }, `The MCP server "${title}" was not signed in to: the token that "${field}" of its entry stands for has ended, and was not sent.`, 'Get a fresh one where that one came from.');
}

export function tooManyAnswers(): AssassinError {
  return new AssassinError('mcp-start-failed', 'The sign-in was given up: a program or page keeps sending answers that do not belong to it.', { hint: 'Close pages that you do not trust, and sign in again.' });
}

export function signInTimeout({ name, title }: About): AssassinError {
  return failed({ name, title }, `The sign-in of the MCP server "${title}" was not finished in time.`, signInWays(name), { data: { server: name, signIn: true } });
}

function failed({ name }: About, message: string, hint: string, details: ErrorDetails = {}): AssassinError {
  return new AssassinError('mcp-start-failed', message, { hint, data: { server: name }, ...details });
}
