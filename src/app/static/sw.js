// Keeps one whole build of Corral, and answers from it, whether or not the host can be reached.
//
// The build fills in its id and its files. A new build is another text of this script: the browser fetches all of it
// beside the one in use, and it waits until every tab of the old one is closed or a person asks for it (`offline.js`).

const BUILD = '';
/** The address of each file, and the checksum without which it is of another build. */
const FILES = [
];

// Other copies of Corral on this origin have caches of their own, whose names begin with other folders.
const FOLDER = new URL('./', self.location.href);
const SCOPE = `corral:${FOLDER.pathname}:`;
const OWN = SCOPE + BUILD;

const paths = new Set(FILES.map(([address]) => new URL(address, FOLDER).href));

/** The page may be asked for with a query and by two names. */
const isPage = (url) => url.pathname === FOLDER.pathname || url.pathname === `${FOLDER.pathname}index.html`;

// Either every file of the build is kept or none: a host that is just being renewed has files of two.
async function keep() {
  const cache = await caches.open(OWN);
  const request = ([address, integrity]) => new Request(new URL(address, FOLDER), { integrity, cache: 'no-cache' });
  try {
    await cache.addAll(FILES.map(request));
  } catch (error) {
    await caches.delete(OWN);
    throw error;
  }
}

async function answer(request, address) {
  const cache = await caches.open(OWN);
  return (await cache.match(address)) ?? fetch(request);
}

// Builds that nobody runs any more: a worker has a lock whose name holds its build (`client/place.rs`), and each tab
// has a worker.
async function tidy() {
  const { held } = (await navigator.locks?.query()) ?? { held: [] };
  const old = (await caches.keys()).filter((name) => name.startsWith(SCOPE) && name !== OWN);
  const idle = old.filter((name) => {
    const build = name.slice(SCOPE.length);
    return !held.some((lock) => lock.name.startsWith(SCOPE) && lock.name.includes(`:${build}:`));
  });
  // Nobody runs one that comes or waits either. Asked last: its files may have begun to come just now.
  if (self.registration.installing || self.registration.waiting) return;
  await Promise.all(idle.map((name) => caches.delete(name)));
}

/** Says which build answers for pages; nothing where this one's page is lost, so that it comes from the host. */
async function tellBuild(port) {
  const cache = await caches.open(OWN);
  if (await cache.match(FOLDER.href)) port?.postMessage(BUILD);
}

/** Parts of a build that is still running are in the cache of that build; the names of parts hold it. */
async function answerOld(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith(SCOPE)) continue;
    const cache = await caches.open(name);
    const found = await cache.match(request);
    if (found) return found;
  }
  return fetch(request);
}

self.addEventListener('install', (event) => event.waitUntil(keep()));

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), tidy()]));
});

self.addEventListener('message', (event) => {
  if (event.data === 'take over' || event.data === `take over for ${BUILD}`) event.waitUntil(self.skipWaiting());
  if (event.data === 'tidy') event.waitUntil(tidy());
  if (event.data === 'which build') event.waitUntil(tellBuild(event.ports[0]));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(FOLDER.href)) return;
  if (request.mode === 'navigate') {
    if (isPage(url)) event.respondWith(answer(request, FOLDER.href));
  } else if (paths.has(url.href)) {
    event.respondWith(answer(request, url.href));
  } else {
    event.respondWith(answerOld(request));
  }
});
