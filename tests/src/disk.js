// What the tests do to Corral's database from an empty page beside it; the head of every script of theirs.
const PLACES = ['meta', 'pages', 'journal', 'files'];
const name = `corral:${new URL('.', location.href).pathname}:default`;

const settled = (request) => new Promise((done, fail) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});

const opened = (version) => {
  const request = indexedDB.open(name, version);
  request.onupgradeneeded = () => {
    for (const place of PLACES) {
      if (!request.result.objectStoreNames.contains(place)) request.result.createObjectStore(place);
    }
  };
  return settled(request);
};

// Does something in one transaction, and waits until it rests on the disk.
async function inside(version, act) {
  const database = await opened(version);
  const transaction = database.transaction(PLACES, 'readwrite');
  const end = new Promise((done, fail) => {
    transaction.oncomplete = done;
    transaction.onabort = () => fail(transaction.error);
  });
  const answer = await act((place) => transaction.objectStore(place));
  await end;
  database.close();
  return answer;
}

const text = (bytes) => btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

// The last argument of a script takes its answer.
const answer = arguments[arguments.length - 1];
const run = (work) => work().then((value) => answer({ value }), (error) => answer({ problem: String(error) }));
