// What the browser tests put into the page before anything else: it writes down complaints and downloads.
// One way for all browsers; only some of them hand out their console.
(() => {
  const errors = [];
  const downloads = [];
  const blobs = new Map();
  window.__watch = { errors, downloads };

  const say = (what) => errors.push(String(what));
  window.addEventListener('error', (event) => {
    const source = event.target?.src ?? event.target?.href;
    say(event.message ?? `could not load ${source}`);
  }, true);
  window.addEventListener('unhandledrejection', (event) => say(`unhandled rejection: ${event.reason}`));
  document.addEventListener('securitypolicyviolation', (event) => {
    say(`content security policy: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`);
  });
  const error = console.error;
  console.error = (...args) => {
    say(args.join(' '));
    error.apply(console, args);
  };
  for (const name of ['Worker', 'SharedWorker']) {
    if (!(name in window)) continue;
    window[name] = new Proxy(window[name], {
      construct(target, args) {
        const worker = new target(...args);
        worker.addEventListener('error', (event) => say(`${name}: ${event.message ?? 'could not be started'}`));
        return worker;
      },
    });
  }

  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    const url = createObjectURL.call(URL, blob);
    blobs.set(url, blob);
    return url;
  };
  const remember = (link) => {
    if (blobs.has(link.href)) downloads.push({ name: link.download, blob: blobs.get(link.href) });
  };
  // A link in the page, clicked by a person or by the program …
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[download]');
    if (link) remember(link);
  }, true);
  // … and one that never was in it.
  const { click } = HTMLElement.prototype;
  HTMLAnchorElement.prototype.click = function () {
    if (!this.isConnected && this.hasAttribute('download')) remember(this);
    click.call(this);
  };
})();
