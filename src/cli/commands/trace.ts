import type { Command } from 'commander';
import { startTraceReceiver } from '../../serve/traces/start-receiver.ts';
import type { CliContext, CommonOptions } from '../cli-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { onInterrupt } from '../interrupts.ts';
import { loopbackFlags } from '../loopback-flags.ts';
import { openRuntime } from '../open-runtime.ts';

interface ReceiveOptions extends CommonOptions {
  readonly port?: string;
}

export function addTraceCommands(program: Command, context: CliContext): void {
  const trace = program.command('trace').description('traces of other programs');
  trace.command('receive')
    .description('take traces of OpenTelemetry, OpenInference or Langfuse from programs of this computer; each trace is then found among the runs')
    .option('--port <number>', 'port on 127.0.0.1 (default: any that is free)')
    .action((options: ReceiveOptions) => receive(context, options));
}

async function receive(context: CliContext, options: ReceiveOptions): Promise<void> {
  const { terminal, version } = context;
  const where = loopbackFlags(context, options);
  await using opened = await openRuntime(context, options);
  const end = Promise.withResolvers<void>();
  using _interrupts = onInterrupt({ signals: process, cancel: () => end.resolve(), note: (text) => terminal.note(text), exitNow: (code) => process.exit(code), first: 'Stopping: what has arrived is being written. Interrupt again to end at once.' });
  await using receiver = await startTraceReceiver(opened.runtime, {
    version, onError: (message) => terminal.note(`warning: ${message}`), ...where,
  });
  const { endpoint, token } = receiver;
  if (options.json === true) terminal.json({ type: 'receiving', endpoint, token });
  else {
    terminal.note(
      `Taking traces at ${endpoint}/v1/traces. Start the other program with:`,
      `  OTEL_EXPORTER_OTLP_ENDPOINT=${endpoint}`, `  OTEL_EXPORTER_OTLP_HEADERS="Authorization=Bearer ${token}"`, '  OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf',
      `SDKs of Langfuse: LANGFUSE_BASE_URL=${endpoint} with ${token} as secret key. Interrupt to stop.`,
    );
  }
  await end.promise;
  const { taken, refused } = receiver.stats;
  if (options.json === true) terminal.json({ type: 'received', spans: taken, refused });
  else terminal.note(`${taken} spans were taken${refused === 0 ? '' : `, ${refused} were not whole and left out`}.`);
  context.exit(exitCodes.done);
}
