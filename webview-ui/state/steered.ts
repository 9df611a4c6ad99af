import type { ReadonlySignal } from '@preact/signals';
import type { RpcClient } from '../../src/shared/rpc.ts';

interface Steering {
  readonly client: Pick<RpcClient, 'request'>;
  readonly going: ReadonlySignal<boolean>;
  refresh(): Promise<void>;
}

/** Says something to the task that goes on. False where it has ended between the last look and these words: then they are to follow it. */
export async function steered(session: Steering, run: string, text: string): Promise<boolean> {
  try {
    await session.client.request('chat.steer', { run, text });
    await session.refresh();
    return true;
  } catch (error) {
    await session.refresh();
    if (session.going.value) throw error;
    return false;
  }
}
