// The worker of the floor.
import init, { floor } from './probe.js';

const ready = init();
onmessage = async ({ data }) => {
  try {
    await ready;
    postMessage({ floor: [...await floor(data)] });
  } catch (error) {
    postMessage({ problem: String(error) });
  }
};
