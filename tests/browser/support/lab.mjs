// Runs in the page: the wasm packages as they are, without the page's own code between.

const SHEETS = ['train-0', 'test-0', 'test-1'];

async function bytesOf(address) {
  return new Uint8Array(await (await fetch(address)).arrayBuffer());
}

async function unpacked(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A lab without digits; `cpu-relaxed` is the CPU engine with relaxed SIMD. */
async function emptyLab(name) {
  const relaxed = name === 'cpu-relaxed';
  const engine = relaxed ? 'cpu' : name;
  // A module of its own for each, though both have the same code around them.
  const package_ = await import(`/pkg/${engine}/distillery.js?${name}`);
  const file = relaxed ? 'distillery_relaxed_bg.wasm' : 'distillery_bg.wasm';
  await package_.default({ module_or_path: fetch(`/pkg/${engine}/${file}`) });
  return package_.Lab.create(engine, relaxed);
}

async function sheet(name) {
  const manifest = await (await fetch('/data/manifest.json')).json();
  return bytesOf(`/data/${manifest.sheets.find((one) => one.name === name).file}`);
}

/** A lab with the first digits and the shipped teachers. */
async function filledLab(engine) {
  const lab = await emptyLab(engine);
  lab.manifest(await (await fetch('/data/manifest.json')).text());
  for (const name of SHEETS) {
    const packed = await sheet(name);
    lab.addSheet(name, packed, await unpacked(packed));
  }
  lab.tellTeachers(await (await fetch('/teachers/cards.json')).text());
  for (const { name, brings_logits } of lab.teachers()) {
    lab.addTeacher(name, await bytesOf(`/teachers/${name}.safetensors`));
    for (const sheet of brings_logits ? SHEETS : []) {
      await lab.addLogits(name, sheet, await bytesOf(`/teachers/${name}.${sheet}.logits`));
    }
  }
  return lab;
}

async function toTheEnd(lab) {
  for (;;) {
    const { finished } = await lab.advance(100, 0);
    if (finished) return lab.record();
  }
}

/** Trains a config; gives the record and the logits of the first test digits of every model. */
async function train(lab, config, digits) {
  lab.start(config);
  const record = await toTheEnd(lab);
  const indices = Uint32Array.from({ length: digits }, (_, index) => index);
  const logits = {};
  for (const name of Object.keys(config.models)) {
    logits[name] = Array.from(await lab.logits(name, 'test', indices));
  }
  return { record, logits };
}

/** The error that a call throws, as a plain object. */
async function thrownBy(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return null;
}

const labs = new Map();

/** One lab an engine, filled once. */
function labOf(engine) {
  if (!labs.has(engine)) labs.set(engine, filledLab(engine));
  return labs.get(engine);
}

window.bench = { emptyLab, labOf, sheet, unpacked, toTheEnd, train, thrownBy };
