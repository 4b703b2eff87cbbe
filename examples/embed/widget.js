// The browser's half of widget.py, as anywidget asks for it: `render` draws into `el` and answers how to take it away.

function load(site) {
  const address = new URL('embed.js', site).href;
  const there = document.querySelector(`script[src="${address}"]`);
  const script = there ?? Object.assign(document.createElement('script'), { src: address });
  if (!there) document.head.append(script);
  return customElements.whenDefined('distillery-lab');
}

async function render({ model, el }) {
  await load(model.get('site'));
  const lab = document.createElement('distillery-lab');
  lab.setAttribute('src', model.get('site'));
  lab.setAttribute('recipe', model.get('recipe'));
  lab.setAttribute('height', '800');
  el.append(lab);
  const train = async () => {
    const config = model.get('config');
    if (!config) return;
    try {
      const client = await lab.activate();
      model.set('record', await client.run(config));
      model.set('failure', null);
    } catch (failure) {
      model.set('failure', failure);
    }
    model.save_changes();
  };
  model.on('change:config', train);
  void train();
  return () => {
    model.off('change:config', train);
    lab.remove();
  };
}

export default { render };
