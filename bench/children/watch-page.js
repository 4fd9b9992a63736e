// Runs in the page before anything else: notes when each event arrives and when the next frame is drawn.
(() => {
  const seen = { arrived: [], drawn: [], frames: [] };
  window.seen = seen;
  const now = () => performance.timeOrigin + performance.now();
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(url, protocols) {
      super(url, protocols);
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') return;
        const arrived = now();
        const said = [...data.matchAll(/ said=([\d.]+)/g)].map((match) => Number(match[1]));
        for (const at of said) seen.arrived.push(arrived - at);
        if (said.length > 0) {
          requestAnimationFrame(() => setTimeout(() => seen.drawn.push(...said.map((at) => now() - at))));
        }
      });
    }
  };
  let last = performance.now();
  const frame = (at) => {
    seen.frames.push(at - last);
    last = at;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})();
