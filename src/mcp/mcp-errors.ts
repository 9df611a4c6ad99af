import { AssassinError, type ErrorDetails } from '../shared/errors.ts';
import { CallTimeout } from './call-clock.ts';
import type { LinkReport } from './link.ts';
import { commandLine, type McpServerConfig } from './mcp-config.ts';
import { didYouMean } from '../shared/near-names.ts';
import type { Sdk } from './sdk.ts';
import type { StdioEnd } from './stdio-transport.ts';
import { clip } from './tail.ts';

/** What was asked of a server: a tool with declared arguments, or a request of the protocol, called as it comes in a sentence. */
export interface Asked {
  readonly kind: 'tool' | 'protocol';
  readonly name: string;
}

/** Everything that a person reads when a server fails is worded here. `redact` is applied to whatever the server said. */
export interface FailureContext {
  readonly config: McpServerConfig;
  readonly sdk: Sdk;
  readonly redact: (text: string) => string;
  readonly report: () => LinkReport;
  /** Messages that belonged to nothing: answers to questions nobody asked, broken ones. */
  readonly strays: () => readonly string[];
}

/** A server that keeps answering questions nobody asked is cut off after this many. */
export const maxStrays = 1000;

/** What a connection attempt is given up with when its time is over. */
export const connectTimeout = new Error('The time for connecting is over.');

export function notConfigured(name: string, configured: readonly string[], near: readonly string[]): AssassinError {
  const known = configured.length === 0 ? 'No MCP server is configured.' : `Configured are: ${configured.join(', ')}.`;
  return new AssassinError('mcp-not-configured', `There is no MCP server "${name}". ${known}`, {
    hint: [didYouMean(near), 'Add it to .vscode/mcp.json, .mcp.json or the setting infrastructureAssassin.mcp.servers.'].filter(Boolean).join(' '),
    data: { server: name, configured: [...configured] },
  });
}

export function disabled(config: McpServerConfig): AssassinError {
  return new AssassinError('mcp-not-configured', `The MCP server "${config.title}" is switched off in ${place(config)}.`, { hint: 'Set "enabled" to true there.', data: { server: config.name } });
}

/** What our own code has thrown, also where the library has wrapped it. */
function ownError(error: unknown): AssassinError | undefined {
  for (let cause = error, depth = 0; cause !== undefined && depth < 5; cause = cause instanceof Error ? cause.cause : undefined, depth++) if (AssassinError.isInstance(cause)) return cause;
  return undefined;
}

/** A failure between the spawn and the end of the handshake. */
export function startError(error: unknown, context: FailureContext): unknown {
  const { config, sdk } = context;
  const own = ownError(error);
  if (own !== undefined && own.code !== 'mcp-protocol') return own;
  const { end } = context.report();
  if (end !== undefined) return ended(end, context, 'before it was ready');
  if (context.strays().length >= maxStrays) return flooded(context);
  if (error === connectTimeout || (error instanceof sdk.SdkError && error.code === sdk.SdkErrorCode.RequestTimeout)) {
    const rubbish = context.report().rubbish[0];
    const instead = rubbish === undefined ? '' : ` It printed this instead of the protocol: ${JSON.stringify(context.redact(rubbish))}.`;
    return failure(context, 'timeout', `The MCP server "${config.title}" did not answer within ${config.connectTimeoutMs} ms of its start.${instead}`,
      rubbish === undefined ? `Run its command in a terminal to see what it waits for, or raise "connectTimeoutMs" in ${place(config)}.` : 'It is not an MCP server, or it needs an argument to speak MCP on its standard output: see its documentation.');
  }
  if (error instanceof sdk.SdkError && error.code === sdk.SdkErrorCode.ListPaginationExceeded) {
    return failure(context, 'mcp-protocol', `The MCP server "${config.title}" gives its list of tools in pages without end.`, 'Report it to its author.', error);
  }
  const status = httpStatus(error, context);
  if (status === 401 || status === 403 || error instanceof sdk.UnauthorizedError) {
    return failure(context, 'mcp-start-failed', `The MCP server "${config.title}" asks for a sign-in (HTTP ${status ?? 401}).`, `Give its token under "headers" in ${place(config)}, for example "Authorization": "Bearer \${input:token}".`);
  }
  if (status !== undefined) return failure(context, 'mcp-start-failed', `The MCP server "${config.title}" answered with HTTP ${status}.`, `Check the URL ${commandLine(config)} in ${place(config)}; a server that knows only the HTTP transport of 2024 needs "type": "sse".`);
  if (config.transport.type !== 'stdio') {
    return failure(context, 'mcp-start-failed', `The MCP server "${config.title}" could not be reached at ${commandLine(config)}: ${text(error, context)}`, 'Check that it is running and that the URL is right.', error);
  }
  return failure(context, 'mcp-start-failed', `The MCP server "${config.title}" refused the connection: ${text(error, context)}`, 'See its log; it may need a newer version or another argument.', error);
}

/** A failure of one call. `signal` is the caller's: its abort is a cancel, whatever the library calls it. */
export function callError(error: unknown, { kind, name: tool }: Asked, signal: AbortSignal | undefined, context: FailureContext): unknown {
  const { config, sdk } = context;
  if (signal?.aborted) return AssassinError.isInstance(signal.reason) ? signal.reason : new AssassinError('cancelled', `The call of ${config.name}.${tool} was cancelled.`, { cause: error });
  const { end } = context.report();
  if (end !== undefined) return ended(end, context, `during ${tool}`);
  if (context.strays().length >= maxStrays) return flooded(context);
  const own = ownError(error);
  if (own !== undefined) return own;
  if (error instanceof CallTimeout || (error instanceof sdk.SdkError && error.code === sdk.SdkErrorCode.RequestTimeout)) {
    const [stray] = context.strays();
    const noise = stray === undefined ? '' : config.transport.type === 'stdio' ? ` It sent a message that belongs to no question: ${context.redact(stray)}` : ` The connection had trouble: ${context.redact(stray)}`;
    const { limit, ms } = error instanceof CallTimeout ? error : new CallTimeout('timeoutMs', config.timeoutMs);
    const what = limit === 'totalTimeoutMs' ? `was not done with ${tool} after ${ms} ms` : `gave no answer and no sign of progress for ${ms} ms during ${tool}`;
    return failure(context, 'timeout', `The MCP server "${config.title}" ${what}.${noise}`, `Ask it for less, or raise "${limit}" in ${place(config)}.`);
  }
  if (error instanceof sdk.ProtocolError) return failure(context, 'mcp-tool-failed', `${config.name}.${tool} failed: ${text(error, context)}`, kind === 'protocol' ? 'Compare it with what the server lists.' : `Compare the arguments with the declaration of mcp.${config.name}.${tool}.`, error);
  if (error instanceof sdk.SdkError && (error.code === sdk.SdkErrorCode.InvalidResult || error.code === sdk.SdkErrorCode.UnsupportedResultType)) {
    return failure(context, 'mcp-protocol', `The MCP server "${config.title}" answered ${tool} with something that is no valid result: ${text(error, context)}`, 'Update the server, or report it to its author.', error);
  }
  return failure(context, 'mcp-disconnected', `The connection to the MCP server "${config.title}" broke during ${tool}: ${text(error, context)}`, 'Whether the call had its effect is not known: look before you repeat it.', error);
}

function flooded(context: FailureContext): AssassinError {
  return failure(context, 'mcp-protocol', `The MCP server "${context.config.title}" was cut off: it sent ${maxStrays} messages that belong to no question, the first: ${context.redact(context.strays()[0] ?? '')}`, 'Report it to its author.');
}

function ended(end: StdioEnd, context: FailureContext, when: string): AssassinError {
  const { config } = context;
  const starting = when === 'before it was ready';
  switch (end.kind) {
    case 'not-started': {
      const missing = 'code' in end.error && end.error.code === 'ENOENT';
      return failure(context, 'mcp-start-failed', `The MCP server "${config.title}" could not be started: ${missing ? `the program or its working directory was not found` : end.error.message} (${commandLine(config)}).`,
        `Check "command" and "cwd" in ${place(config)}, and that the program is installed and on the PATH.`, end.error);
    }
    case 'exit': {
      const how = end.signal === null ? `exit code ${end.code ?? 'unknown'}` : `signal ${end.signal}`;
      return failure(context, starting ? 'mcp-start-failed' : 'mcp-disconnected', `The MCP server "${config.title}" ended ${when} (${how}).`,
        starting ? `Run its command in a terminal to see why: ${commandLine(config)}` : 'Whether the call had its effect is not known: look before you repeat it. The next call starts the server again.');
    }
    case 'rubbish':
      return failure(context, 'mcp-protocol', `The MCP server "${config.title}" printed ${end.lines} lines on its standard output that are no messages, the first: ${JSON.stringify(context.redact(context.report().rubbish[0] ?? ''))}.`,
        'Its standard output must hold the protocol only: check its arguments, or report it to its author.');
    case 'long-line':
      return failure(context, 'mcp-protocol', `The MCP server "${config.title}" sent one message of more than ${end.bytes} bytes ${when}.`, 'Ask it for less, or for a part at a time.');
  }
}

function failure(context: FailureContext, code: AssassinError['code'], message: string, hint: string, cause?: unknown): AssassinError {
  const { config, redact, sdk } = context;
  const { end, stderr } = context.report();
  // A server that answered with an error is well: what it wrote before has nothing to do with it.
  const last = cause instanceof sdk.ProtocolError ? [] : stderr.slice(-5).map(redact);
  const details: ErrorDetails = {
    hint: last.length === 0 ? hint : `Its last words: ${sentence(last.join(' | '))} ${hint}`,
    ...(config.provenance.line === undefined || (code !== 'mcp-start-failed' && code !== 'invalid-config') ? {} : { location: { file: config.provenance.file, line: config.provenance.line, column: 1 } }),
    data: { server: config.name, ...(end?.kind === 'exit' ? { exitCode: end.code, signal: end.signal } : {}), ...(stderr.length === 0 ? {} : { stderr: stderr.map(redact) }) },
    ...(cause === undefined ? {} : { cause }),
  };
  return new AssassinError(code, redact(message), details);
}

function httpStatus(error: unknown, { sdk }: FailureContext): number | undefined {
  return error instanceof sdk.SdkHttpError ? error.data.status : undefined;
}

/** The message with those of its causes: "fetch failed" alone helps nobody. */
function text(error: unknown, { redact }: FailureContext): string {
  const messages: string[] = [];
  for (let cause = error; cause !== undefined && messages.length < 5; cause = cause instanceof Error ? cause.cause : undefined) {
    const message = clip((cause instanceof Error ? cause.message : String(cause)).replace(jargon, ''), 1000);
    if (!messages.some((known) => known.includes(message))) messages.push(message);
  }
  return sentence(redact(messages.join(': ')));
}

/** How the libraries on both sides begin: a number and the name of a step, of which nobody has heard. */
const jargon = /^(?:MCP error -?\d+: |Version negotiation (?:probe )?failed: )+/;

function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

function place({ provenance: { file, line } }: McpServerConfig): string {
  return line === undefined ? file : `${file}:${line}`;
}

export function notATask({ name, title }: Pick<McpServerConfig, 'name' | 'title'>, tool: string): AssassinError {
  return new AssassinError('not-supported', `The MCP server "${title}" does not work on ${tool} by itself any more, so that its result cannot be asked for.`, { hint: 'Look at what it offers now; the call may have had its effect.', data: { server: name, tool } });
}
