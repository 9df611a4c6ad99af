import type { Server } from 'node:http';
import { AssassinError } from '../../shared/errors.ts';

/** The port of 127.0.0.1 that is listened at; 0 asks for any that is free. Throws `invalid-input` where it cannot be used. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new AssassinError('invalid-input', 'code' in cause && cause.code === 'EADDRINUSE' ? `The port ${port} is taken by another program.` : `The port ${port} cannot be used: ${cause.message}.`, { hint: 'Give another port, or 0 for any that is free.', cause })));
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
