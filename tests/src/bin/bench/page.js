// What the benchmark puts into the page before anything else: a clock that notes when something is to be seen.
// Times are milliseconds since the navigation began; a thing is seen once the frame that shows it is done.
window.__bench = (() => {
  const tasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push({ startTime, duration });
  }).observe({ type: 'longtask', buffered: true });

  // After the next frame: what is posted in a frame's callback arrives once that frame is painted.
  const painted = () => new Promise((done) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => done(performance.now());
      port2.postMessage(null);
    });
  });

  const until = (test) => new Promise((done) => {
    const observer = new MutationObserver(look);
    function look() {
      if (!test()) return;
      observer.disconnect();
      done();
    }
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  });

  const grid = () => document.querySelector('[role=grid]');
  const hasRows = () => document.querySelector('[role=gridcell] a[href]') !== null;
  const opened = until(hasRows).then(painted);

  const button = (words) => [...document.querySelectorAll('main button')]
    .find((one) => !one.disabled && words.test(one.textContent.trim()));
  const press = async (words) => {
    await until(() => button(words));
    button(words).click();
    return performance.now();
  };

  // From a change of the address to the rows of its answer.
  async function ask(hash) {
    let asked = false;
    const answered = until(() => {
      const busy = grid()?.ariaBusy === 'true';
      asked ||= busy;
      return asked && !busy;
    });
    const start = performance.now();
    location.hash = hash;
    await answered;
    return await painted() - start;
  }

  // From the last step of the mapping over the check to the result, less the time in which a person reads the check.
  async function runImport() {
    const begun = await press(/^Next$/);
    await until(() => button(/^Import [\d,]+ contacts?$/));
    const checked = await painted();
    const confirmed = await press(/^Import [\d,]+ contacts?$/);
    await until(() => document.querySelector('[aria-label=Account]'));
    const ended = await painted();
    const during = tasks.filter(({ startTime }) => startTime >= begun && startTime <= ended);
    return {
      check: checked - begun,
      import: ended - confirmed,
      longest: Math.max(0, ...during.map(({ duration }) => duration)),
    };
  }

  const isBlank = () => {
    const box = grid().getBoundingClientRect();
    const head = document.querySelector('.grid-head').getBoundingClientRect();
    const at = document.elementFromPoint(box.left + 200, (head.bottom + box.bottom) / 2);
    const row = at?.closest('[role=row]');
    return !row || row.matches('.grid-row-blank');
  };

  // Two seconds of a turning wheel, then ten pulls at the scroll bar, a quarter of a second apart.
  async function scroll() {
    const box = grid();
    const frame = () => new Promise(requestAnimationFrame);
    let blankSince = null;
    let longestBlank = 0;
    const look = (now) => {
      if (!isBlank()) blankSince = null;
      else longestBlank = Math.max(longestBlank, now - (blankSince ??= now));
    };
    const start = await frame();
    let now = start;
    let frames = 0;
    while (now - start < 2000) {
      box.scrollTop += 90;
      now = await frame();
      frames += 1;
      look(now);
    }
    const rate = frames / (now - start) * 1000;
    for (let pull = 1; pull <= 10; pull += 1) {
      box.scrollTop = box.scrollHeight * ((pull * 0.37) % 1);
      for (const since = now; now - since < 250;) {
        now = await frame();
        look(now);
      }
    }
    box.scrollTop = 0;
    return { rate, longestBlank };
  }

  async function floor(file, script) {
    const worker = new Worker(script, { type: 'module' });
    const answer = await new Promise((done, fail) => {
      worker.onmessage = ({ data }) => (data.problem ? fail(data.problem) : done(data.floor));
      worker.onerror = (event) => fail(event.message);
      worker.postMessage(file);
    });
    worker.terminate();
    const [rows, parse, store, bytes] = answer;
    return { rows, parse, store, bytes };
  }

  // An own connection to the worker, for what the screens don't tell.
  async function connect(build) {
    const probe = await import(new URL('bench/probe.js', document.baseURI));
    await probe.default();
    const folder = new URL('.', document.baseURI).pathname;
    const loader = new URL(`worker-loader.js?build=${build}`, document.baseURI).href;
    window.tab = probe.Tab.connect(loader, `corral:${folder}:default:${build}:0`);
    await window.tab.ready();
  }

  async function storage() {
    const [contacts, pages, bytes, memory] = await window.tab.storage();
    const { usage } = await navigator.storage.estimate();
    return { contacts, pages, bytes, memory, usage };
  }

  // Until the browser keeps all of Corral.
  const isKept = () => until(() => document.documentElement.dataset.offline === 'yes');

  return { opened, ask, runImport, scroll, floor, connect, storage, isKept, painted, until };
})();
