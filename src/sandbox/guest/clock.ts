/** A clock that stands still at the moment the program starts. The engine's own Date stays behind, out of the program's reach. */
export const clock = String.raw`
function freezeClock(now) {
  const RealDate = Date;
  const realToString = RealDate.prototype.toString;
  function FrozenDate(...args) {
    if (new.target === undefined) return apply(realToString, new RealDate(now), []);
    return construct(RealDate, args.length === 0 ? [now] : args, new.target);
  }
  defineProperty(FrozenDate, 'name', { __proto__: null, value: 'Date', configurable: true });
  defineProperty(FrozenDate, 'length', { __proto__: null, value: 7, configurable: true });
  defineProperty(FrozenDate, 'prototype', { __proto__: null, value: RealDate.prototype, writable: false });
  hide(FrozenDate, 'parse', RealDate.parse);
  hide(FrozenDate, 'UTC', RealDate.UTC);
  hide(FrozenDate, 'now', function now_() { return now; });
  hide(RealDate.prototype, 'constructor', FrozenDate);
  offer('Date', FrozenDate);
  offer('performance', { now() { return 0; }, timeOrigin: now });
}

const { now } = Date;
const runningClock = { now() { return now() - timeOrigin; }, timeOrigin: 0 };
let timeOrigin = 0;

// Its origin is the program's: the engine's own clock counts from the time at which the memory was prepared.
function startClock() {
  runningClock.timeOrigin = timeOrigin = now();
}

offer('performance', runningClock);
`;
