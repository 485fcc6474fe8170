// Starts the program that owns the data, as a SharedWorker or, where there are none, as a dedicated module worker.
//
// A tab may connect and speak before the program is up, and a browser raises `connect` only once. So this file
// listens before anything else, has no static import and no top-level `await` (both would delay the listening),
// keeps what comes, and then calls the program's `attach(port)` once for each tab. In a dedicated worker the port is
// the worker's own global scope, which has `postMessage` and `onmessage` but neither `start` nor any `connect`.
//
// When the program can't start, each tab is told `{ fatal: message }`.

const here = new URL(self.location.href);
const file = (name) => new URL(name + here.search, here).href;
const shared = 'onconnect' in self;

// Tabs that came before the program, and what a single tab said before it.
let waiting = [];
let unheard = [];
let attach = (port) => waiting.push(port);

function keep(event) {
  unheard.push(event);
}

if (shared) {
  self.addEventListener('connect', (event) => attach(event.ports[0]));
} else {
  attach(self);
  self.addEventListener('message', keep);
}

function open(next) {
  attach = next;
  const ports = waiting;
  waiting = [];
  ports.forEach(attach);
  // A MessagePort keeps its messages until somebody listens, a dedicated worker doesn't.
  self.removeEventListener('message', keep);
  for (const { data, ports } of unheard) {
    self.dispatchEvent(new MessageEvent('message', { data, ports: [...ports] }));
  }
  unheard = [];
}

async function start() {
  try {
    const program = fetch(file('./worker_bg.wasm'));
    const worker = await import(file('./worker.js'));
    await worker.default({ module_or_path: program });
    open(worker.attach);
  } catch (error) {
    const fatal = `The worker could not start: ${error instanceof Error ? error.message : error}`;
    open((port) => port.postMessage({ fatal }));
    throw error;
  }
}

start();
