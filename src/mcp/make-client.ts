import { randomUUID } from 'node:crypto';
import type { CallToolResult, Client, JSONRPCNotification, JSONRPCResponse, LoggingLevel, MessageExtraInfo } from '@modelcontextprotocol/client';
import type { ProtocolEra } from './era-book.ts';
import { answerRequests, capabilitiesFor, type RequestContext } from './requests/answer-requests.ts';
import type { Answer, Elicit } from './requests/answer-inside.ts';
import { loadValidator, type Sdk } from './sdk.ts';
import { serverLog } from './server-log.ts';
import { givesTasks } from './task-capability.ts';
import { TaskNotices } from './task-notices.ts';

export interface ClientEvents {
  readonly toolsChanged: () => void;
  readonly resourceUpdated: (uri: string) => void;
  readonly stray: (error: Error) => void;
  readonly closed: (client: Client) => void;
  /** A server wants the client to know that what a person was sent to a page for is done there. */
  readonly visitDone: (id: string) => void;
}

export interface MakeClientOptions extends Omit<RequestContext, 'log'> {
  readonly version: string;
  readonly era: ProtocolEra;
  readonly probeMs: number;
  readonly events: ClientEvents;
  readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
}

export interface MadeClient {
  readonly client: Client;
  /** What each message of the negotiated revision says of itself. */
  readonly envelope: () => Readonly<Record<string, unknown>> | undefined;
  /** Puts a question of the server to the person; absent where nobody can be reached. */
  readonly elicit?: Elicit;
  /** Answers what a server asks inside of an answer. */
  readonly answer: Answer;
  /** The task that the server has made of a call, where this is what the library has made of that; as it came. */
  readonly taskIn: (result: CallToolResult) => unknown;
  /** What the server tells of its tasks by itself. */
  readonly notices: TaskNotices;
}

/** A list beyond this many pages is cut off as endless. */
const maxPages = 200;
/** Rounds of questions in one call. */
const maxRounds = 10;

/** The library's client with everything that we can do for a server, and with an ear for everything that it tells. */
export async function makeClient(options: MakeClientOptions): Promise<MadeClient> {
  const { sdk, version, era, probeMs, events, config } = options;
  const client = new (lenientClient(sdk))({ name: 'infrastructure-assassin', title: 'Infrastructure Assassin', version }, {
    capabilities: capabilitiesFor(options),
    jsonSchemaValidator: await loadValidator(),
    versionNegotiation: era === 'legacy' ? { mode: 'legacy' } : { mode: 'auto', probe: { timeoutMs: probeMs } },
    inputRequired: { maxRounds },
    listMaxPages: maxPages,
    listChanged: {
      // Told at once: a change that is told before the list is asked for is in its answer.
      tools: { autoRefresh: false, debounceMs: 0, onChanged: () => events.toolsChanged() },
      // Their cached lists are dropped by the library; whoever looks next gets the new ones.
      prompts: { autoRefresh: false, onChanged: () => undefined },
      resources: { autoRefresh: false, onChanged: () => undefined },
    },
  });
  client.onerror = (error) => events.stray(error);
  client.onclose = () => events.closed(client);
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => events.resourceUpdated(params.uri));
  const log = serverLog(options.log);
  client.setNotificationHandler('notifications/message', ({ params }) => {
    if (rank(params.level) >= rank(config.logLevel ?? defaultLogLevel)) log(params);
  });
  client.setNotificationHandler('notifications/elicitation/complete', ({ params }) => events.visitDone(params.elicitationId));
  const { elicit, answer } = answerRequests(client, options);
  return { client, answer, notices: client.notices, envelope: () => client.envelope(), taskIn: (result) => client.taskIn(result), ...(elicit === undefined ? {} : { elicit }) };
}

export const defaultLogLevel: LoggingLevel = 'warning';

const levels: readonly LoggingLevel[] = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

/** Servers send less than was asked for only if they like: what is below the level is dropped here too. */
function rank(level: LoggingLevel): number {
  return levels.indexOf(level);
}

/**
 * A result without a type is a complete one, says the protocol; the library takes it for a broken one, because servers of that revision must name it.
 * Of tasks it knows nothing either: one that a call was answered with goes past its checks as a failure without words, under a name that no server can guess.
 */
function lenientClient({ Client: Strict }: Sdk) {
  return class extends Strict {
    readonly #taskMark = `infrastructure-assassin/task-${randomUUID()}`;
    readonly notices = new TaskNotices(this);

    envelope(): Readonly<Record<string, unknown>> | undefined {
      return this._outboundMetaEnvelope();
    }

    taskIn(result: CallToolResult): unknown {
      return result._meta?.[this.#taskMark];
    }

    protected override _onnotification(notification: JSONRPCNotification, extra?: MessageExtraInfo): void {
      this.notices.hear(notification);
      super._onnotification(notification, extra);
    }

    protected override _onresponse(response: JSONRPCResponse): void {
      if (!('result' in response) || this.getProtocolEra() !== 'modern') return super._onresponse(response);
      const result = this.#readable(response.result);
      super._onresponse(result === response.result ? response : { ...response, result });
    }

    #readable<T extends { readonly [key: string]: unknown }>(result: T): T {
      if (result['resultType'] === undefined) return { ...result, resultType: 'complete' };
      if (result['resultType'] !== 'task' || !givesTasks(this)) return result;
      return { ...result, resultType: 'complete', content: [], isError: true, _meta: { [this.#taskMark]: result } };
    }
  };
}
