/**
 * Host calls. Each waits in the guest's own memory until few enough are under way, so a flood of calls fills nothing of the host's.
 * The error of a failed call is made where the call was made: its stack then names the line of the program.
 */
export const calls = String.raw`
const pendingCalls = create(null);
const waitingCalls = create(null);
let lastCall = 0, firstWaiting = 1, callsUnderWay = 0, charactersUnderWay = 0, unansweredCalls = 0;
let maxCalls = 1, maxCharacters = 0;

const callOfError = new WeakMap();
const rememberCall = WeakMap.prototype.set, recallCall = WeakMap.prototype.get;

function call(name, args) {
  if (typeof name !== 'string') throw new TypeError('A host call needs a name.');
  const json = args === undefined ? 'null' : stringify(args);
  const error = new Error();
  return new Promise((resolve, reject) => {
    const id = ++lastCall;
    unansweredCalls++;
    pendingCalls[id] = { name, json: json === undefined ? 'null' : json, error, resolve, reject };
    waitingCalls[id] = true;
    startCalls();
  });
}

function startCalls() {
  while (firstWaiting <= lastCall) {
    const entry = pendingCalls[firstWaiting];
    const full = callsUnderWay >= maxCalls || charactersUnderWay + entry.json.length > maxCharacters;
    if (callsUnderWay > 0 && full) return;
    const id = firstWaiting++;
    delete waitingCalls[id];
    callsUnderWay++;
    charactersUnderWay += entry.json.length;
    send('call', id, entry.name, entry.json);
  }
}

function settleCall(id, ok, json) {
  const entry = pendingCalls[id];
  if (entry === undefined || waitingCalls[id]) return;
  delete pendingCalls[id];
  unansweredCalls--;
  callsUnderWay--;
  charactersUnderWay -= entry.json.length;
  startCalls();
  let value;
  try {
    value = parse(json);
  } catch (error) {
    entry.reject(error);
    return;
  }
  if (ok) {
    entry.resolve(value);
    return;
  }
  const { error } = entry;
  hide(error, 'name', 'AssassinError');
  hide(error, 'message', value.message);
  defineData(error, 'code', value.code);
  if (value.hint !== undefined) defineData(error, 'hint', value.hint);
  apply(rememberCall, callOfError, [error, id]);
  entry.reject(error);
}
`;
