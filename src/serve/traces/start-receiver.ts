import type { ModelRegistry } from '../../models/model-registry.ts';
import { loadPriceTable } from '../../models/prices.ts';
import { HostLeases } from '../../run/host-leases.ts';
import { processStart } from '../../run/process-identity.ts';
import type { Runtime } from '../../runtime.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { TraceLimits } from '../../store/received-traces.ts';
import { TraceIntake } from '../../telemetry/received/trace-intake.ts';
import { TraceReceiver } from './trace-receiver.ts';

export interface StartReceiverOptions {
  readonly port?: number;
  readonly token?: string;
  readonly version: string;
  readonly limits?: Partial<TraceLimits>;
  readonly onError: (message: string) => void;
}

/** Bounds of what is kept; the oldest traces go first. */
export const receivedTraceLimits: TraceLimits = { maxSpans: 1_000_000, maxBytes: 2 * 1024 ** 3, maxAgeMs: 90 * 86_400_000 };

/** Takes traces of other programs into the store of a runtime until it is disposed; before that the runtime must not be. Throws `invalid-input` where the port is taken. */
export async function startTraceReceiver({ store, workspace, redactor, models }: Pick<Runtime, 'store' | 'workspace' | 'redactor'> & { readonly models: Pick<ModelRegistry, 'ownPrices'> }, { port = 0, token, version, limits, onError }: StartReceiverOptions): Promise<TraceReceiver> {
  const start = await processStart(process.pid);
  if (start === undefined) throw new AssassinError('internal', 'The start time of this process could not be read.');
  const host = { pid: process.pid, start };
  const receiver = await TraceReceiver.start({
    store, port, limits: { ...receivedTraceLimits, ...limits }, onError, ...(token === undefined ? {} : { token }),
    intake: new TraceIntake({ store, workspace, host, redactor, version, prices: async () => ({ table: await loadPriceTable(), own: models.ownPrices }) }), leases: new HostLeases({ store, host, log: (_level, message) => onError(message) }),
  });
  redactor.add([receiver.token]);
  return receiver;
}
