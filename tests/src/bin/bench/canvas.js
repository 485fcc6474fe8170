// What the benchmark does on the canvas of a workflow.
Object.assign(window.__bench, (({ painted, until }) => {
  const nodes = () => document.querySelectorAll('.canvas-drawing [data-node]');
  const tool = (name) => document.querySelector(`.canvas-bar [aria-label="${name}"]`);

  // From the list of workflows to all nodes of one.
  async function canvas(hash, many) {
    location.hash = '#/workflows';
    await until(() => nodes().length === 0 && document.querySelector(`main a[href="${hash}"]`));
    await painted();
    const start = performance.now();
    location.hash = hash;
    await until(() => nodes().length === many);
    return await painted() - start;
  }

  // Two seconds of a pointer that goes in circles with what it pressed; `moved` tells where that is.
  async function pull(target, moved) {
    const box = target.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const point = (type, angle, buttons) => target.dispatchEvent(new PointerEvent(type, {
      pointerId: 1, isPrimary: true, bubbles: true, cancelable: true, buttons, button: type === 'pointermove' ? -1 : 0,
      clientX: x + 100 * (Math.cos(angle) - 1), clientY: y + 100 * Math.sin(angle),
    }));
    const frame = () => new Promise(requestAnimationFrame);
    const before = moved();
    let places = new Set();
    point('pointerdown', 0, 1);
    const start = await frame();
    let now = start;
    let frames = 0;
    while (now - start < 2000) {
      point('pointermove', (now - start) / 300 + 0.1, 1);
      now = await frame();
      frames += 1;
      places.add(moved());
    }
    point('pointerup', 1, 0);
    if (moved() === before || places.size < frames / 4) throw new Error(`${places.size} places in ${frames} frames`);
    return frames / (now - start) * 1000;
  }

  const pan = () => {
    const view = document.querySelector('.canvas-view');
    return pull(view, () => view.querySelector('.canvas-world').style.transform);
  };

  // A condition amid the others, with an edge to it and two from it.
  const drag = () => {
    const node = document.querySelector('[data-node="100"]');
    return pull(node, () => node.getAttribute('transform'));
  };

  // From the press to all nodes in their new places; they go back afterwards.
  async function tidy() {
    const places = () => [...nodes()].map((node) => node.getAttribute('transform'));
    const before = places();
    const stands = (wanted) => String(places()) === String(wanted);
    const start = performance.now();
    tool('Tidy layout').click();
    await until(() => !stands(before));
    const end = await painted();
    const after = places();
    if (after.filter((place, at) => place !== before[at]).length < after.length / 2) throw new Error('most nodes stay');
    tool('Undo').click();
    await until(() => stands(before));
    await painted();
    return end - start;
  }

  return { canvas, pan, drag, tidy };
})(window.__bench));
