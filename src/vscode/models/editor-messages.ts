import * as vscode from 'vscode';
import type { ModelMessage, ModelPicture, ModelRequest } from '../../models/model-client.ts';
import { picturesOfResults } from '../../models/picture.ts';
import { wireInput } from '../../models/tool-calls.ts';
import type { WireNames } from '../../models/wire-names.ts';

type UserPart = vscode.LanguageModelTextPart | vscode.LanguageModelToolResultPart;
type AssistantPart = vscode.LanguageModelTextPart | vscode.LanguageModelToolCallPart;

/** A conversation as the editor takes it: it knows only what the user and what the model said, so instructions become words of the user. */
export function editorMessages({ messages, outputSchema }: Pick<ModelRequest, 'messages' | 'outputSchema'>, names: WireNames): vscode.LanguageModelChatMessage[] {
  const begins = messages.findIndex(({ role }) => role !== 'system');
  const head = messages.slice(0, begins < 0 ? messages.length : begins).map(({ text }) => text);
  if (outputSchema !== undefined) head.push(`Answer with JSON only, without any words around it, that fits this JSON Schema:\n${JSON.stringify(outputSchema)}`);
  const rest = messages.slice(begins < 0 ? messages.length : begins);
  const instructions = text(head.join('\n\n'));
  const out: vscode.LanguageModelChatMessage[] = [];
  const shown: ModelPicture[] = [];
  if (instructions.length > 0 && rest[0]?.role !== 'user') out.push(user(instructions));
  for (const [index, message] of rest.entries()) {
    switch (message.role) {
      case 'system':
      case 'user': {
        const pictures = message.role === 'user' ? picturesOf(message.images ?? []) : [];
        out.push(user([...(index === 0 ? instructions : []), ...text(wordsOf(message, pictures === undefined)), ...(pictures ?? [])]));
        break;
      }
      case 'assistant': {
        const calls = message.calls.map((call) => new vscode.LanguageModelToolCallPart(call.id, names.toWire(call.name), Object(wireInput(call))));
        const content: AssistantPart[] = [...text(message.text), ...calls];
        // An answer of nothing at all is refused when it is sent back.
        if (content.length > 0) out.push(vscode.LanguageModelChatMessage.Assistant(content));
        break;
      }
      case 'tool': {
        // Results of parallel calls go back together: several providers want all of them right after the calls.
        const results = rest[index - 1]?.role === 'tool' ? out.pop()?.content.filter((part) => part instanceof vscode.LanguageModelToolResultPart) : undefined;
        out.push(user([...(results ?? []), new vscode.LanguageModelToolResultPart(message.callId, [new vscode.LanguageModelTextPart(message.failed ? `The call failed. ${message.text}` : message.text)])]));
        shown.push(...(message.images ?? []));
        // Not every provider takes pictures within results; after all results of a turn each of them does.
        if (shown.length > 0 && rest[index + 1]?.role !== 'tool') out.push(user(picturesMessage(shown.splice(0))));
        break;
      }
    }
  }
  return out;
}

function user(content: UserPart[]): vscode.LanguageModelChatMessage {
  return vscode.LanguageModelChatMessage.User(content.length === 0 ? [new vscode.LanguageModelTextPart(' ')] : content);
}

function text(value: string): vscode.LanguageModelTextPart[] {
  return value === '' ? [] : [new vscode.LanguageModelTextPart(value)];
}

/** The oldest editors that are supported take no pictures; the model is told that there was one, instead of being left to guess. */
function wordsOf(message: Extract<ModelMessage, { role: 'system' | 'user' }>, withoutPictures: boolean): string {
  const pictures = message.role === 'user' ? (message.images?.length ?? 0) : 0;
  return pictures === 0 || !withoutPictures ? message.text : `${message.text}\n[${pictures} pictures were left out: this model is reached in a way that takes none.]`;
}

function picturesMessage(images: readonly ModelPicture[]): UserPart[] {
  const pictures = picturesOf(images);
  return pictures === undefined ? text(`[${images.length} pictures of these results were left out: this model is reached in a way that takes none.]`) : [...text(picturesOfResults), ...pictures];
}

/** Pictures as newer editors take them; `undefined` where this one takes none. */
function picturesOf(images: readonly ModelPicture[]): UserPart[] | undefined {
  const part: unknown = 'LanguageModelDataPart' in vscode ? vscode.LanguageModelDataPart : undefined;
  if (typeof part !== 'function' || !('image' in part) || typeof part.image !== 'function') return undefined;
  const { image } = part;
  return images.map(({ mediaType, base64 }) => image.call(part, Buffer.from(base64, 'base64'), mediaType) as UserPart);
}

/** Whether this editor can pass pictures on to models at all. */
export function takesPictures(): boolean {
  return picturesOf([]) !== undefined;
}
