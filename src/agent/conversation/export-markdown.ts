import type { Conversation, ConversationEntry, ModelUse } from '../../shared/conversation.ts';
import type { Json } from '../../shared/json.ts';
import { formatUsd } from '../../shared/money.ts';

/** Longest input or output of one call that a page shows, in characters; the JSON has all of it that is not a stored value of its own. */
const maxShown = 2000;

/** Conversations as one page for people, oldest first. */
export function markdownOf(conversations: readonly Conversation[]): string {
  return `${conversations.map(page).join('\n\n---\n\n')}\n`;
}

function page(conversation: Conversation): string {
  const { run, model, mode, state, entries, use, steps, origin } = conversation;
  return [
    `# ${conversation.task.split('\n')[0]}`,
    `Run \`${run}\`, ${mode === 'plan' ? 'planned' : 'worked on'} by ${model}, ${state}; ${useText(use)}.${origin === undefined ? '' : ` ${originText(origin.kind)} \`${origin.run}\`${origin.turn === undefined ? '' : ` after turn ${origin.turn}`}.`}`,
    ...(steps.length === 0 ? [] : [steps.map(({ text, state: how }) => `- [${how === 'done' ? 'x' : ' '}] ${text}`).join('\n')]),
    ...entries.map(section),
  ].join('\n\n');
}

function originText(kind: string): string {
  return { 'follow-up': 'It follows', resume: 'It resumes', fork: 'It was forked from', plan: 'It carries out the plan of', repair: 'It repairs', again: 'It repeats' }[kind] ?? 'It goes on from';
}

function section(entry: ConversationEntry): string {
  switch (entry.type) {
    case 'person':
      return `## Person${entry.state === 'read' ? '' : ` (${entry.state})`}\n\n${entry.text}`;
    case 'turn':
      return [
        `## Turn ${entry.turn}${entry.status === 'ok' ? '' : ` (${entry.status})`}`, `_${entry.model ?? 'no request was sent'}, ${useText(entry.use)}_`, ...(entry.text === '' ? [] : [entry.text]),
        ...entry.calls.map((call) => [
          `**${call.name}** (${call.status})`, ...(call.input && 'json' in call.input ? [fenced(call.input.json)] : []),
          ...(call.output ? [fenced('json' in call.output ? call.output.json : `${call.output.preview} [... ${call.output.bytes} bytes]`)] : []), ...(call.error ? [`> ${call.error.message}`] : []),
        ].join('\n\n')),
        ...(entry.error ? [`> ${entry.error.message}`] : []),
      ].join('\n\n');
    case 'question':
      return `## Question\n\n${entry.question}\n\n${entry.answer === undefined ? `_${entry.closed ?? 'Not answered yet.'}_` : `Answer: ${entry.answer}`}`;
    case 'repair':
      return `## Repair, round ${entry.round} of ${entry.of}\n\n${entry.problem}\n\nSo far ${useText(entry.spent)}${entry.estimate ? `; estimated for this round: ${useText(entry.estimate)}` : ''}.`;
    case 'result':
      return `## Result (${entry.verification})\n\n${typeof entry.answer === 'string' ? entry.answer : fenced(entry.answer)}${entry.why === undefined ? '' : `\n\n${entry.why}`}${entry.changed.length === 0 ? '' : `\n\nChanged: ${entry.changed.map((path) => `\`${path}\``).join(', ')}`}${entry.denied === undefined ? '' : `\n\nNot allowed: ${entry.denied.map((action) => `\`${action}\``).join(', ')}`}`;
  }
}

function useText({ inputTokens, outputTokens, costUsd }: ModelUse): string {
  return `${inputTokens + outputTokens} tokens, ${costUsd === undefined ? 'unpriced' : formatUsd(costUsd)}`;
}

/** With more backticks than there are inside, or the text could end its own block. */
function fenced(value: Json): string {
  const code = typeof value === 'object' && value !== null && !Array.isArray(value) && 'code' in value && typeof value.code === 'string' ? value.code : undefined;
  const text = (code ?? (typeof value === 'string' ? value : JSON.stringify(value, null, 2))).slice(0, maxShown);
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${fence}${code === undefined ? '' : 'ts'}\n${text}\n${fence}`;
}
