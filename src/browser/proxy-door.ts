import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A port on 127.0.0.1 that is listened at before there is anybody behind it: a browser context must be told its proxy when it is made, and the ones
 * that are made ahead do not know their run yet. Until `lead` is called whoever comes is turned away.
 */
export class ProxyDoor {
  readonly #server: Server;
  #lead: ((socket: Socket) => void) | undefined;

  static async open(): Promise<ProxyDoor> {
    const door = new ProxyDoor();
    await new Promise<void>((resolve, reject) => {
      door.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return door;
  }

  private constructor() {
    this.#server = createServer((socket) => (this.#lead === undefined ? void socket.destroy() : this.#lead(socket)));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  get listening(): boolean {
    return this.#server.listening;
  }

  /** Hands on everybody who comes from now on. */
  lead(to: (socket: Socket) => void): void {
    this.#lead = to;
  }

  /** Resolves when nothing listens there and all its sockets are closed, which whoever they were handed to has to see to. */
  close(): Promise<void> {
    return new Promise((resolve) => (this.#server.listening ? this.#server.close(() => resolve()) : resolve()));
  }
}
