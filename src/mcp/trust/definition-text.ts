import type { McpPin } from '../../store/mcp-pins.ts';
import { visible } from './hidden-characters.ts';

/** What was approved or is to be, as lines that a person can compare: long texts over several lines, and nothing hidden. */
export function definitionText({ kind, definition }: Pick<McpPin, 'kind' | 'definition'>): string {
  if (kind === 'instructions' || kind === 'server') return `${visible(definition)}\n`;
  try {
    return `${lines(JSON.parse(definition), '').join('\n')}\n`;
  } catch {
    return `${visible(definition)}\n`;
  }
}

function lines(value: unknown, indent: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${indent}${scalar(value)}`];
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(value) ? value.map((item: unknown) => ['-', item]) : Object.entries(value).map(([key, item]) => [`${visible(key)}:`, item]);
  if (entries.length === 0) return [`${indent}${Array.isArray(value) ? '[]' : '{}'}`];
  return entries.flatMap(([label, item]) => {
    if (typeof item === 'string' && item.includes('\n')) return [`${indent}${label} |`, ...item.split(/\r?\n/).map((line) => `${indent}  ${visible(line)}`)];
    if (typeof item === 'object' && item !== null && Object.keys(item).length > 0) return [`${indent}${label}`, ...lines(item, `${indent}  `)];
    return [`${indent}${label} ${lines(item, '')[0]}`];
  });
}

function scalar(value: unknown): string {
  return typeof value === 'string' ? visible(value) : JSON.stringify(value);
}
