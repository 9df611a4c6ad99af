import { denyAll, type ApprovalRequest, type Approver } from '../policy/approver.ts';
import type { ApprovalAnswer } from '../shared/approvals.ts';
import type { FileDiff } from '../shared/file-diff.ts';
import { oneLine, safeLines } from './text.ts';
import type { AskLine } from './terminal-questions.ts';
import type { Terminal } from './terminal.ts';

/** Asks on the terminal, one question at a time; where nobody is there, every question counts as no. */
export function terminalApprover(terminal: Terminal, question: AskLine): Approver {
  if (!terminal.canAsk) return denyAll;
  return {
    approve: async (request) => {
      const line = await question(render(request), request.signal);
      return line === undefined ? undefined : answerOf(line, request);
    },
    ask: ({ question: text, signal }) => question(`${oneLine(text)} `, signal),
  };
}

/** Everything on lines of its own, and what strangers wrote without line breaks: nothing of it can pose as part of the question. */
export function render({ text, why, origin, title, change, untrusted, offers, waiting, deadline, askedAt }: ApprovalRequest): string {
  const by = [origin.tool, origin.agent === undefined ? undefined : `agent ${origin.agent}`, `"${title}"`].filter((part) => part !== undefined).map(oneLine).join(', ');
  const lines = [
    `Allow ${oneLine(text)}?`,
    `  why asked: ${oneLine(why.text)}`,
    `  asked by:  ${by}${waiting > 1 ? `, ${waiting} calls wait` : ''}`,
    ...(untrusted.length === 0 ? [] : [`  has read:  ${untrusted.slice(-3).map(({ source, step }) => oneLine(step === undefined ? source : `${source} (${step})`)).join(', ')}${untrusted.length > 3 ? ` and ${untrusted.length - 3} more` : ''}`]),
    ...(change === undefined ? [] : renderChange(change)),
    '  y  allow once',
    ...offers.flatMap(({ scope, grant, sentence, examples }, i) => [
      `  ${i + 1}  allow ${scope === 'run' ? 'for this run' : 'in this workspace'}: ${oneLine(grant)}`,
      `     ${oneLine(sentence)}${examples.length > 1 ? ` Covers of this run so far: ${examples.map(oneLine).join(', ')}.` : ''}`,
    ]),
    `  n  deny; "n because ..." tells why. Without an answer in ${Math.round((deadline - askedAt) / 1000)} s it is denied.`,
  ];
  return `${lines.join('\n')}\n[y/${offers.map((_offer, i) => `${i + 1}/`).join('')}N] `;
}

const changeMarks = { added: '+', removed: '-', same: ' ', gap: '…' } as const;
/** A terminal of usual height shows these and the answers. */
const shownChangeLines = 30;

function renderChange({ lines, added, removed, problem }: FileDiff): readonly string[] {
  if (lines.length === 0) return [`  changes:   ${problem === undefined ? 'nothing' : oneLine(problem)}`];
  return [
    `  changes:   ${added} ${added === 1 ? 'line' : 'lines'} added, ${removed} removed`,
    ...lines.slice(0, shownChangeLines).map(({ kind, text }) => `     ${changeMarks[kind]} ${safeLines(text)}`.trimEnd()),
    ...(lines.length > shownChangeLines ? [`     … ${lines.length - shownChangeLines} more lines`] : []),
  ];
}

/** Anything but a clear yes is no. */
export function answerOf(line: string, { offers }: Pick<ApprovalRequest, 'offers'>): ApprovalAnswer {
  const text = line.trim();
  if (/^y(es)?$/i.test(text)) return { answer: 'once' };
  const offer = /^\d$/.test(text) ? offers[Number(text) - 1] : undefined;
  if (offer) return { answer: offer.scope, grant: offer.grant };
  const reason = text.replace(/^no?\b[\s,:]*/i, '').replace(/^because\s+/i, '').trim();
  return { answer: 'deny', ...(/^no?\b/i.test(text) && reason !== '' ? { reason } : {}) };
}
