import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client, ClientCapabilities, CreateMessageRequest, CreateMessageResult, CreateMessageResultWithTools, ElicitRequest, ElicitResult } from '@modelcontextprotocol/client';
import { AssassinError, describeError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { viewExtension, viewMediaType } from '../apps/tool-view.ts';
import type { McpServerConfig } from '../mcp-config.ts';
import type { Sdk } from '../sdk.ts';
import { clip } from '../tail.ts';
import { taskExtension } from '../task-capability.ts';
import { answersInside, type Answer, type Elicit } from './answer-inside.ts';
import type { Caller } from './caller.ts';
import { checkedAnswer, fieldsOf, type FormField } from './form-fields.ts';
import type { FormAnswer, McpPerson } from './person.ts';
import { visitedUrl } from './visited-url.ts';

/** Puts the question of a server to a model, when the gate, the budget and the person have allowed it. Throws what refused it. */
export type Sample = (request: {
  readonly server: string;
  readonly params: CreateMessageRequest['params'];
  readonly caller: Caller;
  readonly person: McpPerson;
  readonly signal: AbortSignal;
}) => Promise<CreateMessageResult | CreateMessageResultWithTools>;

export interface RequestPorts {
  readonly person?: McpPerson;
  readonly sample?: Sample;
}

export interface RequestContext extends RequestPorts {
  readonly config: McpServerConfig;
  readonly workspace: string;
  readonly sdk: Sdk;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** The run that the connection works for just now. */
  readonly caller: () => Caller | undefined;
  /** Stops the clocks of the calls under way while a person or a model is waited for. */
  readonly waiting: <T>(work: () => Promise<T>) => Promise<T>;
}

/** After so many refusals one after the other, the person has said what they think of the questions of a server. */
const maxRefusals = 3;
/** Questions that wait behind the one that is open. */
const maxWaiting = 5;
const maxMessage = 2000;

/** Form fields must not ask for secrets, says the protocol: a server that needs one sends the person to a page of its own. */
const secretField = /passw(or)?d|passphrase|secret|api[-_ ]?key|private[-_ ]?key|(access|auth|bearer|refresh|session|personal)[-_ ]?token|credential|card[-_ ]?number|\bcvv\b/i;

/** What is told of us to this server: only what somebody is there to answer. */
export function capabilitiesFor({ config, person, sample }: Pick<RequestContext, 'config' | 'person' | 'sample'>): ClientCapabilities {
  return {
    ...(config.roots === true ? { roots: {} } : {}),
    ...(person === undefined ? {} : { elicitation: { form: {}, url: {} } }),
    ...(person === undefined || sample === undefined ? {} : { sampling: { tools: {} } }),
    extensions: { [taskExtension]: {}, ...(person?.showsViews === true ? { [viewExtension]: { mimeTypes: [viewMediaType] } } : {}) },
  };
}

/** Answers the questions that a server puts to its client: which folders, what a person says, what a model says. */
export function answerRequests(client: Client, context: RequestContext): { readonly elicit?: Elicit; readonly answer: Answer } {
  const { config, person, sample, sdk } = context;
  const roots = config.roots === true ? () => ({ roots: rootsFor(context) }) : undefined;
  if (roots !== undefined) client.setRequestHandler('roots/list', () => Promise.resolve(roots()));
  const answering = { sdk, server: config.name, roots };
  if (person === undefined) return { answer: answersInside(answering) };
  const questions = new QuestionQueue(context, person);
  const elicit: Elicit = (params, signal) => questions.elicit(params, signal);
  client.setRequestHandler('elicitation/create', ({ params }, { mcpReq: { signal } }) => elicit(params, signal));
  if (sample === undefined) return { elicit, answer: answersInside({ ...answering, elicit }) };
  const ask = async (params: CreateMessageRequest['params'], signal: AbortSignal) => {
    const caller = context.caller();
    if (caller === undefined) throw refused(context, 'it belongs to no run, or to several: nobody can tell whose budget it would use');
    return context.waiting(() => sample({ server: config.name, params, caller, person, signal })).catch((error: unknown) => {
      context.log('warn', `A question to a model was refused: ${describeError(error)}`);
      throw refused(context, AssassinError.isInstance(error) ? error.message : 'it failed');
    });
  };
  client.setRequestHandler('sampling/createMessage', ({ params }, { mcpReq: { signal } }) => ask(params, signal));
  return { elicit, answer: answersInside({ ...answering, elicit, sample: ask }) };
}

/** The workspace folder, where the configuration of the server offers it and the run may ask the server for it. */
function rootsFor({ config: { name }, workspace, caller, log }: RequestContext) {
  const run = caller();
  if (run !== undefined && !run.scope.gate.allows({ kind: 'mcp', server: name, tool: 'roots/list' })) {
    log('info', `It asked for the folders of the workspace and was told of none: grant "mcp ${name}:roots/list" if it may know.`);
    return [];
  }
  return [{ uri: pathToFileURL(workspace).href, name: basename(workspace) }];
}

/** The code that clients give for what a person has refused. */
function refused({ sdk }: RequestContext, why: string): Error {
  return new sdk.ProtocolError(-1, `The question was refused: ${why}`);
}

/** One question of a server at a time, and none from a server whose questions nobody wants. */
class QuestionQueue {
  readonly #context: RequestContext;
  readonly #person: McpPerson;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #refusals = 0;

  constructor(context: RequestContext, person: McpPerson) {
    this.#context = context;
    this.#person = person;
  }

  elicit(params: ElicitRequest['params'], signal: AbortSignal): Promise<ElicitResult> {
    const { log } = this.#context;
    if (!this.#person.canAsk) return Promise.resolve({ action: 'cancel' });
    if (this.#refusals >= maxRefusals || this.#waiting >= maxWaiting) {
      log('warn', this.#refusals >= maxRefusals ? 'A question to the person was not shown: the ones before it were refused.' : 'A question to the person was not shown: too many are waiting.');
      return Promise.resolve({ action: 'cancel' });
    }
    this.#waiting += 1;
    const turn = this.#last.then(() => this.#ask(params, signal)).finally(() => (this.#waiting -= 1));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #ask(params: ElicitRequest['params'], signal: AbortSignal): Promise<ElicitResult> {
    if (signal.aborted) return { action: 'cancel' };
    const caller = this.#context.caller();
    const within = <T>(work: () => Promise<T>) => this.#context.waiting(() => (caller === undefined ? work() : caller.scope.waits.during(work)));
    const answer = await within(() => (params.mode === 'url' ? this.#visit(params.url, params.message, signal, caller) : this.#form(params, signal, caller)));
    this.#refusals = answer.action === 'accept' ? 0 : this.#refusals + 1;
    this.#context.log('info', `It asked the person ${params.mode === 'url' ? 'to open an address' : 'for values'}: ${answer.action}.`);
    return answer.action === 'accept' && 'content' in answer ? { action: 'accept', content: answer.content as NonNullable<ElicitResult['content']> } : { action: answer.action };
  }

  async #form({ message, requestedSchema }: Extract<ElicitRequest['params'], { readonly requestedSchema: unknown }>, signal: AbortSignal, caller: Caller | undefined): Promise<FormAnswer> {
    const { config, log } = this.#context;
    const fields = fieldsOf(requestedSchema);
    if (fields === undefined) {
      log('warn', 'It asked for values with a form that is not flat, or too long. The person was not asked.');
      return { action: 'decline' };
    }
    const secret = fields.find(asksForSecret);
    if (secret !== undefined) {
      log('warn', `It asked for "${clip(secret.title, 80)}" in a form, which looks like a secret. The person was not asked: secrets do not go through forms.`);
      return { action: 'decline' };
    }
    const answer = await this.#person.form({ server: config.name, message: clip(message, maxMessage), fields, signal, ...runOf(caller) });
    if (answer.action !== 'accept') return answer;
    const checked = checkedAnswer(fields, answer.content as Readonly<Record<string, Json>>);
    if ('content' in checked) return { action: 'accept', content: checked.content };
    log('warn', `The answer did not fit its form: ${checked.problem}`);
    return { action: 'cancel' };
  }

  async #visit(address: string, message: string, signal: AbortSignal, caller: Caller | undefined): Promise<{ readonly action: FormAnswer['action'] }> {
    const { config, log } = this.#context;
    const url = visitedUrl(address);
    if (url === undefined) {
      log('warn', 'It wanted the person to open what is no web address. The person was not asked.');
      return { action: 'decline' };
    }
    const { href, domain, warnings } = url;
    return { action: await this.#person.visit({ server: config.name, message: clip(message, maxMessage), url: href, domain, warnings, signal, ...runOf(caller) }) };
  }
}

function runOf(caller: Caller | undefined): { readonly run?: string } {
  return caller === undefined ? {} : { run: caller.scope.id };
}

function asksForSecret({ name, title, description = '', type }: FormField): boolean {
  return type === 'text' && secretField.test(`${name} ${title} ${description}`);
}
