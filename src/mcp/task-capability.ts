import type { Client } from '@modelcontextprotocol/client';

/** By this name client and server tell each other, from 2026-07-28 on, that a call may become a task. */
export const taskExtension = 'io.modelcontextprotocol/tasks';

/** Whether a server of 2026-07-28 may answer a call with a task: it alone decides that, for each call. */
export function givesTasks(client: Pick<Client, 'getProtocolEra' | 'getServerCapabilities'>): boolean {
  return client.getProtocolEra() === 'modern' && client.getServerCapabilities()?.extensions?.[taskExtension] !== undefined;
}
