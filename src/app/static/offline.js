// Has the browser keep Corral, so that it opens without its host, and offers a new version once that is here in full.
//
// How it stands is written on <html> as `data-offline`, of which an event `corral-offline` tells; the program shows it
// (`offline.rs`) and says `corral-update` when a person asks for the new version.

/** So many milliseconds pass between two questions for a new version. */
const HOUR = 3_600_000;

function tell(state) {
  document.documentElement.dataset.offline = state;
  window.dispatchEvent(new Event('corral-offline'));
}

const BUILD = new URL(import.meta.url).searchParams.get('build');

function follow(registration, workers) {
  const offer = (worker) => {
    // Without a version in use, what waits is the first one, and it does not wait long.
    if (!registration.active) return;
    // Loaded past the version in use, this page may be of the one that waits: it has the data already, and the tabs of
    // the old one can't go on.
    worker.postMessage(`take over for ${BUILD}`);
    tell('update');
  };
  // The worker itself is asked how it stands: a registration may learn it later than the page is told.
  const watch = (worker) => {
    if (worker?.state === 'installed') offer(worker);
    else worker?.addEventListener('statechange', () => worker.state === 'installed' && offer(worker));
  };
  registration.addEventListener('updatefound', () => watch(registration.installing));
  [registration.waiting, registration.installing].forEach(watch);
  window.addEventListener('corral-update', () => registration.waiting?.postMessage('take over'));
  let asked = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - asked < HOUR) return;
    asked = Date.now();
    // Without the host there is no new version either.
    registration.update().catch(() => {});
  });
  workers.controller?.postMessage('tidy');
}

/** Loads the page again where another version answers for it, which took over before anybody listened. */
function compare({ controller }) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => data !== BUILD && location.reload();
  controller?.postMessage('which build', [port2]);
}

/** Begins; tells `no` where the browser can't: a private window, a foreign host without HTTPS. */
export async function keep() {
  const workers = navigator.serviceWorker;
  if (!workers) {
    tell('no');
    return;
  }
  let controlled = workers.controller !== null;
  // The version that took over is the one to run; the first one to come is that of this page, unless the host was renewed
  // between the two.
  workers.addEventListener('controllerchange', () => {
    if (controlled) {
      location.reload();
      return;
    }
    tell('yes');
    compare(workers);
    controlled = true;
  });
  compare(workers);
  try {
    const registration = await workers.register(new URL('./sw.js', import.meta.url), { updateViaCache: 'none' });
    workers.ready.then(() => {
      if (document.documentElement.dataset.offline !== 'update') tell('yes');
    });
    follow(registration, workers);
  } catch {
    tell('no');
  }
}
