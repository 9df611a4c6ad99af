import type { EventBody } from '../shared/events.ts';

/**
 * Leave to read a file, given without asking anybody. Reading changes nothing, and nothing of what was read leaves the program before the next thing that the
 * run must have on disk: such a decision need not be there before the file is read, only before anything comes of it.
 */
export function isLeaveToRead(event: EventBody): boolean {
  return event.type === 'decision' && event.effect === 'allow' && event.outcome === 'allowed' && event.action.startsWith('fs.read ');
}

/** Leave to call an MCP server, given without asking: it is waited for on its way to the disk, with those of other calls. */
export function isLeaveToCall(event: EventBody): boolean {
  return event.type === 'decision' && event.effect === 'allow' && event.outcome === 'allowed' && event.action.startsWith('mcp ');
}
