// What the scripts of `corral.html` find inside it instead of fetching it; in the page and in its worker.

// The page has the programs in its elements, the worker in a table that the page puts before its script.
const packed = (name) =>
  globalThis.insideFiles?.[name] ?? document.querySelector(`script[data-file="${name}"]`)?.textContent;

/** A program of the build, as a host would answer. */
export async function inside(name) {
  const text = packed(name);
  if (text === undefined) throw new Error(`${name} is missing in this file`);
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  // Not by way of a Blob, which WebKit does not let a worker of such a page read.
  const unpacked = new DecompressionStream('gzip');
  const writer = unpacked.writable.getWriter();
  // What goes wrong here goes wrong for who reads, too.
  Promise.all([writer.write(bytes), writer.close()]).catch(() => {});
  return new Response(unpacked.readable, { headers: { 'Content-Type': 'application/wasm' } });
}

if (typeof document === 'object') {
  // A worker that all tabs share needs an address that all of them know; a text in a page has none.
  delete window.SharedWorker;
  const script = () => {
    const ofWorker = [...document.querySelectorAll('script[data-file^="worker"]')];
    const files = Object.fromEntries(ofWorker.map((element) => [element.dataset.file, element.textContent]));
    const text = document.getElementById('worker').textContent;
    return new Blob([`globalThis.insideFiles = ${JSON.stringify(files)};\n`, text], { type: 'text/javascript' });
  };
  // The program asks for its worker by the address which that has on a host.
  window.Worker = class extends Worker {
    constructor(_address, { name }) {
      // Not a module: Chromium starts none from the text of a page that has no origin.
      super(URL.createObjectURL(script()), { name });
    }
  };
}
