import type { CreateMessageRequest, ElicitRequest, ElicitResult } from '@modelcontextprotocol/client';
import * as z from 'zod';
import { AssassinError } from '../../shared/errors.ts';
import type { Sdk } from '../sdk.ts';
import { clip } from '../tail.ts';

export type Elicit = (params: ElicitRequest['params'], signal: AbortSignal) => Promise<ElicitResult>;

/** Answers a question that comes inside of an answer and not as a request of its own. Throws `mcp-protocol` where it is none, `not-supported` where nobody answers such here, and what refused it. */
export type Answer = (request: unknown, signal: AbortSignal) => Promise<object>;

export interface Answering {
  readonly sdk: Sdk;
  readonly server: string;
  readonly roots?: (() => object) | undefined;
  readonly elicit?: Elicit | undefined;
  readonly sample?: ((params: CreateMessageRequest['params'], signal: AbortSignal) => Promise<object>) | undefined;
}

const question = z.looseObject({ method: z.string() });
/** Inside of an answer it has no id of its own: its key is one. */
const visit = z.looseObject({ params: z.looseObject({ mode: z.literal('url'), message: z.string(), url: z.string() }) });

export function answersInside({ sdk, server, roots, elicit, sample }: Answering): Answer {
  return async (request, signal) => {
    const asked = question.safeParse(request);
    if (!asked.success) throw noQuestion(server, 'it names no method');
    const { method } = asked.data;
    if (method === 'roots/list' && roots !== undefined) return roots();
    if (method === 'elicitation/create' && elicit !== undefined) {
      const away = visit.safeParse(request);
      if (away.success) return elicit({ mode: 'url', message: away.data.params.message, url: away.data.params.url, elicitationId: '' }, signal);
      const form = sdk.specTypeSchemas.ElicitRequest['~standard'].validate(request);
      if (form.issues !== undefined) throw noQuestion(server, form.issues[0]?.message);
      return elicit(form.value.params, signal);
    }
    if (method === 'sampling/createMessage' && sample !== undefined) {
      const message = sdk.specTypeSchemas.CreateMessageRequest['~standard'].validate(request);
      if (message.issues !== undefined) throw noQuestion(server, message.issues[0]?.message);
      return sample(message.value.params, signal);
    }
    throw new AssassinError('not-supported', `The MCP server ${server} asks for "${clip(method, 100)}", which nobody answers here.`, { hint: 'Call it where somebody can be asked: in the editor, or on a terminal.', data: { server } });
  };
}

function noQuestion(server: string, detail = 'unknown'): AssassinError {
  return new AssassinError('mcp-protocol', `The MCP server ${server} asks for something in a form that the protocol does not know: ${clip(detail, 300)}`, { hint: 'Report it to the author of the server.', data: { server } });
}
