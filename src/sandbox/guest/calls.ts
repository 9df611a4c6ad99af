/**
 * Host calls. Each waits in the guest's own memory until few enough are under way, so a flood of calls fills nothing of the host's.
 * The error of a failed call is made where the call was made: its stack then names the line of the program.
 */
export const calls = String.raw`
const pendingCalls = create(null);
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
    startCalls();
  });
}

let lastName = '', lastQuoted = '""';

// Most programs call one tool several times in a row.
function quoted(name) {
  if (name !== lastName) {
    lastQuoted = stringify(name);
    lastName = name;
  }
  return lastQuoted;
}

function startCalls() {
  while (firstWaiting <= lastCall) {
    const entry = pendingCalls[firstWaiting];
    const full = callsUnderWay >= maxCalls || charactersUnderWay + entry.json.length > maxCharacters;
    if (callsUnderWay > 0 && full) return;
    const id = firstWaiting++;
    callsUnderWay++;
    charactersUnderWay += entry.json.length;
    sendCall('[' + id + ',' + quoted(entry.name) + ',' + entry.json + ']');
  }
}

// The first is the call's own number where the text holds one answer only: if that one cannot be read, the others still can.
function settleCalls(single, text) {
  let answers;
  try {
    answers = parse(text);
  } catch (error) {
    const entry = takeCall(single);
    if (entry === undefined) throw error;
    entry.reject(error);
    return;
  }
  for (let i = 0; i < answers.length; i++) settleCall(answers[i][0], answers[i][1] === 1, answers[i][2]);
}

function takeCall(id) {
  const entry = pendingCalls[id];
  if (entry === undefined || id >= firstWaiting) return undefined;
  delete pendingCalls[id];
  unansweredCalls--;
  callsUnderWay--;
  charactersUnderWay -= entry.json.length;
  startCalls();
  return entry;
}

function settleCall(id, ok, value) {
  const entry = takeCall(id);
  if (entry === undefined) return;
  if (ok) {
    entry.resolve(value);
    return;
  }
  const { error } = entry;
  hide(error, 'name', 'AssassinError');
  hide(error, 'message', value.message);
  defineData(error, 'code', value.code);
  // Its own or none: the program may have put one on every object.
  const hint = getOwnPropertyDescriptor(value, 'hint');
  if (hint !== undefined) defineData(error, 'hint', hint.value);
  apply(rememberCall, callOfError, [error, id]);
  entry.reject(error);
}
`;
