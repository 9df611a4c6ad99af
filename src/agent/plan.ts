import type { PlanStep } from '../shared/events.ts';

export const planFolder = '.assassin/plans';

/** The check boxes of a Markdown plan, in their order. Text that is indented below one belongs to its words, not to the list. */
export function stepsOf(markdown: string): readonly PlanStep[] {
  return [...markdown.matchAll(/^\s*[-*+] \[([ xX])\] +(.+)$/gm)].map(([, box = ' ', text = '']) => ({ text: text.trim(), state: box === ' ' ? 'open' : 'done' }));
}

/** What an approved plan is told as: its own words, all of them and no others. */
export function planTask(path: string, markdown: string): string {
  return `Carry out the plan below. A person has read it, may have changed it, and approved it as it stands in ${path}: do what it says and nothing beyond it, and say so where something in it cannot be done. Keep its steps as your task list with set_plan.\n\n${markdown}`;
}

/** A plain file name from words. */
export function fileNameOf(title: string, otherwise: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '') || otherwise;
}
