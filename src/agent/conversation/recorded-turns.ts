import * as z from 'zod';
import type { ModelMessage, ModelToolCall } from '../../models/model-client.ts';
import { wholeValue } from '../../store/whole-value.ts';
import { withPictures } from './kept-pictures.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { EventOf, JournalEvent } from '../../shared/events.ts';
import type { Json, JsonObject, StoredValue } from '../../shared/json.ts';

/** Reads a stored value of the store, whole. */
export type ReadBlob = (hash: string) => Promise<Uint8Array>;

/** One turn of a task's own conversation, as far as it is on record. */
export interface RecordedTurn {
  readonly number: number;
  readonly started: EventOf<'step.started'>;
  readonly ended?: EventOf<'step.ended'>;
  /** The request that was answered, else the last one. Absent where none was sent. */
  readonly request?: EventOf<'step.started'>;
  readonly answer?: EventOf<'step.ended'>;
  /** Steps by the call that they answer. */
  readonly calls: ReadonlyMap<string, RecordedStep>;
}

export interface RecordedStep {
  readonly started: EventOf<'step.started'>;
  readonly ended?: EventOf<'step.ended'>;
  /** Steps directly below it, in the order in which they began. */
  readonly inner: readonly RecordedStep[];
}

const thought = z.object({ text: z.string(), attached: z.record(z.string(), z.json()).optional() });
const call = z.object({ id: z.string(), name: z.string(), input: z.json().optional(), problem: z.string().optional() });
/** Records of before had only their number. */
const images = z.union([z.array(z.object({ mediaType: z.string(), blob: z.string().optional() })), z.number()]).optional();
const message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), text: z.string() }),
  z.object({ role: z.literal('user'), text: z.string(), images }),
  z.object({ role: z.literal('assistant'), text: z.string(), calls: z.array(call), thoughts: z.array(thought).optional() }),
  z.object({ role: z.literal('tool'), callId: z.string(), name: z.string(), text: z.string(), failed: z.boolean(), images }),
]);
const requestInput = z.object({ model: z.string(), turn: z.number().optional(), new: z.array(message) });
const answerOutput = z.object({ text: z.string(), calls: z.array(call), finish: z.string(), thoughts: z.array(thought).optional() });

export type RecordedRequest = z.infer<typeof requestInput>;
export type RecordedAnswer = z.infer<typeof answerOutput>;

/** The turns of the task itself; those of agents that it has started belong to runs of their own, and requests about something else to no turn. */
export function turnsOf(events: readonly JournalEvent[]): readonly RecordedTurn[] {
  const steps = new Map<string, { started: EventOf<'step.started'>; ended?: EventOf<'step.ended'>; readonly inner: RecordedStep[] }>();
  for (const event of events) {
    if (event.type === 'step.started') {
      const step = { started: event, inner: [] };
      steps.set(event.step, step);
      if (event.parent !== undefined) steps.get(event.parent)?.inner.push(step);
    } else if (event.type === 'step.ended') {
      const step = steps.get(event.step);
      if (step) step.ended = event;
    }
  }
  const executor = [...steps.values()].find(({ started }) => started.kind === 'agent')?.started.step;
  return [...steps.values()].flatMap(({ started, ended, inner }): readonly RecordedTurn[] => {
    const number = Number(/^Turn (\d+)$/.exec(started.name)?.[1]);
    if (started.kind !== 'agent' || started.parent !== executor || Number.isNaN(number)) return [];
    const requests = inner.filter((step) => step.started.kind === 'model' && isOfTurn(step.started.input));
    const request = requests.find((step) => step.ended?.status === 'ok') ?? requests.at(-1);
    const calls = new Map(inner.flatMap((step) => (step.started.call === undefined ? [] : [[step.started.call, step] as const])));
    return [{
      number, started, calls,
      ...(ended === undefined ? {} : { ended }),
      ...(request === undefined ? {} : { request: request.started }),
      ...(request?.ended?.status === 'ok' ? { answer: request.ended } : {}),
    }];
  });
}

/** A large request lies beside the journal; the beginning that is kept of it says what it is. */
function isOfTurn(input: StoredValue | undefined): boolean {
  if (input === undefined) return false;
  if ('blob' in input) return /"turn":\d/.test(input.preview);
  return typeof input.json === 'object' && input.json !== null && 'turn' in input.json;
}

export async function requestOf({ request }: RecordedTurn, readBlob: ReadBlob): Promise<RecordedRequest | undefined> {
  return request?.input === undefined ? undefined : parsed(requestInput, await wholeValue(request.input, readBlob));
}

export async function answerOf({ answer }: RecordedTurn, readBlob: ReadBlob): Promise<RecordedAnswer | undefined> {
  return answer?.output === undefined ? undefined : parsed(answerOutput, await wholeValue(answer.output, readBlob));
}

/** What a request carried that none before had carried, as the models' port wants it, with its pictures; none where no request is on record. */
export async function newMessages(turn: RecordedTurn, readBlob: ReadBlob): Promise<readonly ModelMessage[]> {
  return Promise.all(((await requestOf(turn, readBlob))?.new ?? []).map((each) => asMessage(each, readBlob)));
}

async function asMessage(recorded: z.infer<typeof message>, readBlob: ReadBlob): Promise<ModelMessage> {
  if (recorded.role === 'assistant') return assistantMessage(recorded);
  if (recorded.role === 'system') return recorded;
  const { images: kept, ...said } = recorded;
  return kept === undefined ? said : withPictures(said, kept, readBlob);
}

export function assistantMessage({ text, calls, thoughts }: Pick<RecordedAnswer, 'text' | 'calls' | 'thoughts'>): Extract<ModelMessage, { role: 'assistant' }> {
  return {
    role: 'assistant', text,
    calls: calls.map(({ id, name, input, problem }): ModelToolCall => ({ id, name, input, ...(problem === undefined ? {} : { problem }) })),
    ...(thoughts === undefined ? {} : { thoughts: thoughts.map(({ text: thinking, attached }) => ({ text: thinking, ...(attached === undefined ? {} : { attached: attached as JsonObject }) })) }),
  };
}

function parsed<T>(schema: z.ZodType<T>, value: Json): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AssassinError('store-corrupt', 'The conversation of this run cannot be read from its record.', { hint: 'Start the task anew.', cause: result.error });
}
