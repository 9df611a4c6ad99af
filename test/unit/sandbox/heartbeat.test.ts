import { describe, expect, it } from 'vitest';
import { HeartbeatReader, HeartbeatWriter, newHeartbeat, noHeartbeat } from '../../../src/sandbox/heartbeat.ts';

function both() {
  const buffer = newHeartbeat();
  return { host: new HeartbeatReader(buffer), worker: new HeartbeatWriter(buffer) };
}

describe('what a worker tells of its guest', () => {
  it('is there for the host without a message', () => {
    const { host, worker } = both();
    expect(host.read()).toEqual(noHeartbeat);
    worker.tell(3, 40);
    worker.beat(65_536);
    worker.beat(131_072);
    expect(host.read()).toEqual({ beats: 2, cpuMs: 3, threadMs: 40, memoryBytes: 131_072 });
  });

  it('is not said of the guest behind it, which is not told to stop either', () => {
    const { host, worker } = both();
    worker.tell(900, 1000);
    worker.beat(20 * 65_536);
    host.askToStop();
    expect(worker.mustStop).toBe(true);
    host.begin(noHeartbeat);
    expect(worker.mustStop).toBe(false);
    expect(host.read()).toEqual({ beats: 1, cpuMs: 0, threadMs: 1000, memoryBytes: 0 });
  });

  it('goes on for a guest that was told of in another worker', () => {
    const [one, other] = [both(), both()];
    one.worker.tell(7, 50);
    one.worker.beat(65_536);
    other.worker.beat(1);
    other.host.begin(one.host.read());
    expect(other.host.read()).toEqual({ beats: 1, cpuMs: 7, threadMs: 0, memoryBytes: 65_536 });
  });
});
