import type { EventBody } from '../shared/events.ts';

/**
 * A decision that permits reading a file, made without asking anybody. Reading changes nothing, and nothing of what was read leaves the program before the next event
 * that must be on disk: so this one need not be on disk before the file is read, only before anything comes of it.
 */
export function isLeaveToRead(event: EventBody): boolean {
  return event.type === 'decision' && event.effect === 'allow' && event.outcome === 'allowed' && event.action.startsWith('fs.read ');
}

/** A decision that permits a call of an MCP server, made without asking: the call waits until it is on disk, in one transaction with those of other calls. */
export function isLeaveToCall(event: EventBody): boolean {
  return event.type === 'decision' && event.effect === 'allow' && event.outcome === 'allowed' && event.action.startsWith('mcp ');
}
