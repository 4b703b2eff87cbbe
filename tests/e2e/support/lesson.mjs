// A lesson: a page of another origin with the lab in a frame, and a function that asks it by postMessage.

/** The lesson's HTML. `sandbox`: that attribute of the frame, none if undefined. */
export function lesson(address, sandbox) {
  const attribute = sandbox === undefined ? '' : ` sandbox="${sandbox}"`;
  return `<!doctype html><html lang="en"><title>A lesson</title>
<link rel="icon" href="data:,">
<iframe title="Distillery" src="${address}"${attribute} width="900" height="700"></iframe>
<script>
  const frame = document.querySelector('iframe');
  const waiting = new Map();
  window.events = [];
  window.answers = [];
  addEventListener('message', ({ data, source }) => {
    if (source !== frame.contentWindow) return;
    window.answers.push(data);
    if (data.distillery === 'event') window.events.push(data.event.type);
    const promise = waiting.get(data.id);
    if (data.distillery === 'result') promise?.resolve(data.value);
    if (data.distillery === 'error') promise?.reject(data.error);
  });
  const loaded = new Promise((done) => frame.addEventListener('load', done));
  window.send = async (message) => {
    await loaded;
    frame.contentWindow.postMessage(message, '*');
  };
  window.ask = async (name, ...args) => {
    const id = String(waiting.size);
    const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    await window.send({ distillery: name, id, args });
    return answer;
  };
</script>`;
}

/** The same address by another name of this machine: to a browser, another site. */
export const otherSite = (url) => url.replace('//localhost:', '//127.0.0.1:');
