import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import type { RecordedRequest } from '../../test/fixtures/models/scripted-server.ts';
import type { Answer } from '../../test/fixtures/models/answer.ts';

const tokensOf = (value: unknown): number => encode(typeof value === 'string' ? value : JSON.stringify(value)).length;

/** Tokens of one request and its answer, as o200k counts the JSON that went over the wire: all messages, all definitions, and what the model said. */
export function tokensOfTurn({ body: { messages, tools = [] } }: RecordedRequest, answer: Answer): number {
  const said = 'status' in answer ? 0 : [...('text' in answer ? (answer.text ?? []) : []), ...('calls' in answer ? (answer.calls ?? []) : [])].reduce<number>((sum, part) => sum + tokensOf(typeof part === 'string' ? part : { name: part.name, arguments: part.arguments }), 0);
  return tokensOf(messages) + (tools.length > 0 ? tokensOf(tools) : 0) + said;
}
