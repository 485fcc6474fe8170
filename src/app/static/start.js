// Starts the page's program. A file of its own, because the page's Content-Security-Policy allows no inline script.

// The address of this script names the build; its other files are asked for under the same name, so that no cache
// can mix two builds.
const here = new URL(import.meta.url);
const file = (name) => new URL(name + here.search, here).href;

// The page says what is wrong in the one place that needs no program.
function fail(message) {
  const place = document.getElementById('start') ?? document.body.appendChild(document.createElement('p'));
  place.setAttribute('role', 'alert');
  place.textContent = message;
}

// Wakes the worker while the page's program is still on its way; the program then finds it by its name, which must be
// the one of `client/place.rs`. Where a tab or worker lives already, the program knows better whom to ask.
async function wake() {
  if (typeof SharedWorker !== 'function' || !navigator.locks || location.search.includes('own-worker')) return;
  const asked = new URLSearchParams(location.search).get('workspace') ?? '';
  const workspace = /^[a-z0-9]{1,32}$/i.test(asked) ? asked : 'default';
  const scope = `corral:${new URL('.', document.baseURI).pathname}:${workspace}`;
  const { held } = await navigator.locks.query();
  if (held.some(({ name }) => name.startsWith(`${scope}:`))) return;
  const name = `${scope}:${here.searchParams.get('build')}:0`;
  new SharedWorker(file('./worker-loader.js'), { type: 'module', name });
}

// Waits until the first screen is shown, or what keeps it from being shown, and the browser has nothing better to do; for
// that, a second at most.
async function leisure() {
  await new Promise((done) => {
    const look = () => {
      if (!document.querySelector('.shell, .stage [role=alert]')) return;
      watch.disconnect();
      done();
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, subtree: true });
    look();
  });
  // WebKit doesn't say when it is idle.
  const idle = window.requestIdleCallback ?? ((done) => setTimeout(done, 1000));
  await new Promise((done) => idle(done, { timeout: 1000 }));
}

async function keep() {
  await leisure();
  const offline = await import(file('./offline.js'));
  await offline.keep();
}

async function start() {
  if (typeof WebAssembly !== 'object' || typeof Worker !== 'function') {
    fail('Corral needs a browser with WebAssembly and workers; any current one has both');
    return;
  }
  try {
    // Both files travel at the same time, and the program is compiled while it arrives.
    const program = fetch(file('./app_bg.wasm'));
    const { default: init } = await import(file('./app.js'));
    await init({ module_or_path: program });
    document.getElementById('start')?.remove();
    // That it can't be kept is no fault of the page that is here.
    keep().catch(() => {});
  } catch (error) {
    fail(`Corral could not start: ${error instanceof Error ? error.message : error}`);
    throw error;
  }
}

// What goes wrong here goes wrong again in the program, which says so.
wake().catch(() => {});
start();
